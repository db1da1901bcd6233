/** A client of the Kubernetes API that costs little itself: one connection, one request at a time. */
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';

export interface Target {
  readonly url: string;
  readonly token: string;
}

export class Client {
  /** Both servers are on 127.0.0.1 and made their certificates as they started. */
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });

  constructor(private readonly target: Target) {}

  /** The answer's text; throws for any status but 200 and 201. */
  async call(method: string, path: string, body?: unknown): Promise<string> {
    const response = await this.#send(method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (response.statusCode === 200 || response.statusCode === 201) return text;
    throw new Error(`${method} ${path}: ${response.statusCode ?? 0} ${text.slice(0, 300)}`);
  }

  /** A merge patch. */
  patch(path: string, patch: unknown): Promise<string> {
    return this.call('PATCH', path, patch);
  }

  /** Calls `tell` with each event of a watch until `close`. */
  async watch(path: string, tell: (event: WatchEvent) => void): Promise<void> {
    const response = await this.#send('GET', path);
    let rest = '';
    response.on('error', () => undefined); // closed by us
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) tell(JSON.parse(line) as WatchEvent);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(this.target.url + path, {
        method,
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${this.target.token}`,
          ...(text === undefined
            ? {}
            : {
                'content-type':
                  method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
                'content-length': Buffer.byteLength(text),
              }),
        },
      });
      sent.on('response', resolve).on('error', reject).end(text);
    });
  }
}

export interface WatchEvent {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string } };
}
