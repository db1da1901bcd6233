/** S3 as the handler sees it: an HTTP endpoint that takes objects, and does to the next requests what a test tells it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Mishap =
  /** 503 before anything is kept. */
  | 'unavailable'
  /** 403, which no client repeats. */
  | 'denied'
  /** The object is kept, the connection breaks before the answer. */
  | 'lost-answer';

export interface TestBucket {
  readonly url: string;
  /** Text by key, of the last write. */
  readonly objects: ReadonlyMap<string, string>;
  /** Every write that was kept, in order. */
  readonly writes: readonly { readonly key: string; readonly text: string }[];
  /** Happens to the next requests, one each. */
  befall(...mishaps: readonly Mishap[]): void;
  close(): Promise<void>;
}

export async function aBucket(name: string): Promise<TestBucket> {
  const objects = new Map<string, string>();
  const writes: { key: string; text: string }[] = [];
  const awaited: Mishap[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = new URL(request.url ?? '', 'http://localhost').pathname;
      const prefix = `/${name}/`;
      if (request.method !== 'PUT' || !path.startsWith(prefix)) {
        response.writeHead(501).end('<Error><Code>NotImplemented</Code></Error>');
        return;
      }
      const mishap = awaited.shift();
      if (mishap === 'unavailable' || mishap === 'denied') {
        const [status, code] =
          mishap === 'denied' ? [403, 'AccessDenied'] : [503, 'ServiceUnavailable'];
        response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
        return;
      }
      const key = decodeURIComponent(path.slice(prefix.length));
      const text = Buffer.concat(chunks).toString('utf8');
      objects.set(key, text);
      writes.push({ key, text });
      if (mishap === 'lost-answer') request.socket.destroy();
      else response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    writes,
    befall: (...mishaps) => awaited.push(...mishaps),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
