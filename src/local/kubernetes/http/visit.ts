/** One request on its way through the router: what was asked, by whom, of which server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authorization } from '../access/authorization.js';
import type { Tokens } from '../access/tokens.js';
import type { User } from '../access/user.js';
import type { OpenApi } from '../discovery/openapi.js';
import type { Plane } from '../verbs/call.js';
import type { Exchange } from './responses.js';
import { negotiate, type Form } from './negotiation.js';

export interface RouterContext {
  readonly plane: Plane;
  readonly tokens: Tokens;
  readonly authorization: Authorization;
  readonly openApi: OpenApi;
  readonly address: () => string;
}

export interface Visit {
  readonly context: RouterContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: User;
}

/** The forms in which objects are answered. */
export const OBJECT_FORMS: readonly Form[] = ['table', 'partial', 'partial-list'];

/** As the real server says it, in plain text. */
export const NOT_FOUND_TEXT = '404 page not found\n';

export function exchangeOf(
  { context, request, response, query }: Visit,
  forms: readonly Form[],
  isCustom = false,
): Exchange {
  return {
    request,
    response,
    accepted: negotiate(request.headers.accept, forms, isCustom),
    nowMs: context.plane.clock.now(),
    query,
  };
}

export function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
