/** Serves one service of the local AWS over HTTP without verifying signatures: for tests of the service alone. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, type Principal, type Service } from '../../src/local/aws/service.js';
import { ACCOUNT } from './a-cloud.js';

export interface ServiceEndpoint {
  readonly url: string;
  close(): Promise<void>;
}

const ROOT: Principal = { kind: 'root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` };

export async function aServiceEndpoint(service: Service): Promise<ServiceEndpoint> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://localhost');
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      const request = {
        id: randomUUID(),
        region: /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '',
        method: incoming.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers,
        body: Buffer.concat(chunks),
        caller: ROOT,
      };
      void service
        .answer(request)
        .catch((error: unknown) => {
          const shown =
            error instanceof AwsError
              ? error
              : new AwsError('InternalFailure', String((error as Error).stack), 500);
          return service.answerError(shown, request);
        })
        .then(({ status, headers: answered = {}, body }) => {
          outgoing.writeHead(status, answered);
          outgoing.end(incoming.method === 'HEAD' ? undefined : body);
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
