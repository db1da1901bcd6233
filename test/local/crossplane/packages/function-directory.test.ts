/** Where the engine calls a function that somebody else runs: at its revision's endpoint, with Crossplane's certificates. */
import { FunctionRunner, newGrpcServer, normal, to } from '@crossplane-org/function-sdk-typescript';
import { ServerCredentials, type Server } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FunctionDirectory } from '../../../../src/local/crossplane/packages/function-directory.js';
import { anAuthority, hasOpenssl } from '../functions/an-authority.js';

const NAME = 'function-of-theirs';
const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, error: nothing } as unknown as Parameters<
  typeof newGrpcServer
>[1];

function directory(endpoint: string, secret: Readonly<Record<string, string>>): FunctionDirectory {
  const revision = {
    metadata: { name: `${NAME}-1`, labels: { 'pkg.crossplane.io/package': NAME } },
    spec: { desiredState: 'Active', image: 'registry.example.org/theirs:v1' },
    status: { endpoint },
  };
  const data = Object.fromEntries(
    Object.entries(secret).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const client = {
    resourceType: () => Promise.resolve({}),
    read: (_: object, { namespace, name }: { namespace: string; name: string }) =>
      Promise.resolve(
        `${namespace}/${name}` === 'crossplane-system/crossplane-tls-client' ? { data } : undefined,
      ),
  };
  return new FunctionDirectory(
    { get: () => undefined } as never,
    { list: () => [revision] } as never,
    client as never,
  );
}

const describeIfOpenssl = hasOpenssl ? describe : describe.skip;

describeIfOpenssl('a function with an endpoint', () => {
  const authority = anAuthority();
  const certificates = (() => {
    const { cert, key } = authority.issue('crossplane');
    return { 'ca.crt': authority.cert, 'tls.crt': cert, 'tls.key': key };
  })();
  const request = { observed: { resources: {} }, desired: { resources: {} } };
  let server: Server;
  let endpoint: string;

  beforeAll(async () => {
    const greet = (sent: Parameters<typeof to>[0]) => {
      const response = to(sent);
      normal(response, 'called');
      return Promise.resolve(response);
    };
    server = newGrpcServer(new FunctionRunner({ RunFunction: greet }, SILENT), SILENT);
    const { cert, key } = authority.issue('localhost');
    const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) };
    const credentials = ServerCredentials.createSsl(Buffer.from(authority.cert), [pair], true);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    endpoint = `localhost:${port}`;
  });
  afterAll(() => {
    server.forceShutdown();
  });

  test('is called there with the certificates of the Secret crossplane-tls-client', async () => {
    const functions = directory(endpoint, certificates);
    const { results } = await functions.find(NAME)(request);
    expect(results).toEqual([{ severity: 'SEVERITY_NORMAL', message: 'called' }]);
    functions.close();
  });

  test.each(['ca.crt', 'tls.crt', 'tls.key'] as const)(
    'is not called without %s, and the error names it',
    async (missing) => {
      const { [missing]: _, ...rest } = certificates;
      await expect(directory(endpoint, rest).find(NAME)(request)).rejects.toThrow(
        `Secret "crossplane-system/crossplane-tls-client" has no ${missing}`,
      );
    },
  );

  test('without an endpoint cannot be called', () => {
    expect(() => directory('', certificates).find(NAME)).toThrow('has an empty status.endpoint');
  });
});
