/** Routes by method and path. `:name` stands for one segment, decoded. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unusable, type Exchange } from './exchange.js';

export type Handler = (exchange: Exchange) => Promise<void> | void;

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

export class Router {
  readonly #routes: Route[] = [];

  /** @param route such as `GET /api/claims/:name` */
  on(route: string, handler: Handler): this {
    const [method = '', path = ''] = route.split(' ');
    this.#routes.push({ method, segments: path.split('/'), handler });
    return this;
  }

  /** Undefined where no route has this method and path. */
  match(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): (() => Promise<void>) | undefined {
    const given = url.pathname.split('/');
    for (const { method, segments, handler } of this.#routes) {
      if (method !== request.method || segments.length !== given.length) continue;
      const isMatch = segments.every(
        (segment, i) => segment.startsWith(':') || segment === given[i],
      );
      if (!isMatch) continue;
      return async () => {
        const params = paramsOf(segments, given);
        await handler({ request, response, url, params });
      };
    }
    return undefined;
  }
}

function paramsOf(segments: readonly string[], given: readonly string[]): Record<string, string> {
  try {
    return Object.fromEntries(
      segments.flatMap((segment, i) =>
        segment.startsWith(':') ? [[segment.slice(1), decodeURIComponent(given[i] ?? '')]] : [],
      ),
    );
  } catch {
    throw unusable('its address is not encoded as addresses are');
  }
}
