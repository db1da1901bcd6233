/** Calls functions that are built with Crossplane's own SDK and served over gRPC on this machine. */
import {
  FunctionRunner,
  type RunFunctionRequest as ProtobufRequest,
  type RunFunctionResponse as ProtobufResponse,
  Status,
  newGrpcServer,
  normal,
  setContextKey,
  setDesiredComposedResources,
  to,
} from '@crossplane-org/function-sdk-typescript';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FunctionTls } from '../../../../src/local/crossplane/functions/grpc-connection.js';
import {
  type GrpcFunction,
  grpcFunction,
} from '../../../../src/local/crossplane/functions/grpc.js';
import type { RunFunctionRequest } from '../../../../src/local/crossplane/functions/protocol.js';
import { anAuthority, hasOpenssl } from './an-authority.js';

const REQUEST: RunFunctionRequest = {
  meta: { tag: 'tag' },
  observed: {
    composite: { resource: { spec: { size: 1.5, none: null, list: [1, { deep: true }] } } },
    resources: { a: { resource: { kind: 'A' }, connectionDetails: { password: 'c2VjcmV0' } } },
  },
  desired: { resources: { b: { resource: { kind: 'B' }, ready: 'READY_TRUE' } } },
  input: { kind: 'Input', greeting: 'hello' },
  context: { key: 'value' },
};

/** Answers with what it was sent, so that both directions show. */
const echo = (request: ProtobufRequest): Promise<ProtobufResponse> => {
  const response = to(request);
  setDesiredComposedResources(response, {
    ...request.desired?.resources,
    ...request.observed?.resources,
  });
  setContextKey(response, 'input', request.input);
  setContextKey(response, 'composite', request.observed?.composite?.resource);
  normal(response, 'echoed');
  return Promise.resolve(response);
};

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, error: nothing } as unknown as Parameters<
  typeof newGrpcServer
>[1];

const opened: (Server | GrpcFunction)[] = [];
afterEach(() => {
  for (const it of opened.splice(0)) {
    if ('forceShutdown' in it) it.forceShutdown();
    else it.close();
  }
});

function serve(
  run: (request: ProtobufRequest) => Promise<ProtobufResponse>,
  credentials = ServerCredentials.createInsecure(),
): Promise<string> {
  const server = newGrpcServer(new FunctionRunner({ RunFunction: run }, SILENT), SILENT);
  opened.push(server);
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
      if (error === null) resolve(`localhost:${String(port)}`);
      else reject(error);
    });
  });
}

function call(target: string, tls?: FunctionTls, deadlineMs = 5_000): GrpcFunction {
  const run = grpcFunction(target, tls, { deadlineMs });
  opened.push(run);
  return run;
}

describe('a function over gRPC', () => {
  test('is sent the whole request and its whole answer comes back', async () => {
    const response = await call(await serve(echo))(REQUEST);
    expect(response).toMatchObject({
      meta: { tag: 'tag', ttlSeconds: 60 },
      desired: {
        resources: {
          a: { resource: { kind: 'A' }, connectionDetails: { password: 'c2VjcmV0' } },
          b: { resource: { kind: 'B' }, ready: 'READY_TRUE' },
        },
      },
      results: [{ severity: 'SEVERITY_NORMAL', message: 'echoed' }],
      context: {
        key: 'value',
        input: { kind: 'Input', greeting: 'hello' },
        composite: { spec: { size: 1.5, none: null, list: [1, { deep: true }] } },
      },
    });
  });

  test('that asks for more resources says so in its requirements', async () => {
    const selector = { apiVersion: 'v1', kind: 'ConfigMap', matchLabels: { labels: { a: 'b' } } };
    const asks = (request: ProtobufRequest): Promise<ProtobufResponse> =>
      Promise.resolve({
        ...to(request),
        requirements: { resources: { maps: selector }, extraResources: {}, schemas: {} },
      });
    const { requirements } = await call(await serve(asks))(REQUEST);
    expect(requirements).toEqual({ resources: { maps: selector } });
  });

  test('may give a condition without a type, which is an empty one', async () => {
    const says = (request: ProtobufRequest): Promise<ProtobufResponse> =>
      Promise.resolve({
        ...to(request),
        conditions: [{ type: '', status: Status.STATUS_CONDITION_TRUE, reason: 'Odd' }],
      });
    const { conditions } = await call(await serve(says))(REQUEST);
    expect(conditions).toMatchObject([{ type: '', reason: 'Odd' }]);
  });

  test('that cannot be reached fails with its target and the reason', async () => {
    await expect(call('localhost:1')(REQUEST)).rejects.toMatchObject({
      target: 'localhost:1',
      code: 'UNAVAILABLE',
    });
  });

  test('that does not answer fails at its deadline', async () => {
    const target = await serve(() => new Promise(() => undefined));
    await expect(call(target, undefined, 200)(REQUEST)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
  });

  test('cannot be called once closed', async () => {
    const run = call(await serve(echo));
    await run(REQUEST);
    run.close();
    await expect(run(REQUEST)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

test('A certificate that is none fails the call, not the process', async () => {
  const run = call('localhost:1', { ca: 'no', cert: 'no', key: 'no' });
  await expect(run(REQUEST)).rejects.toMatchObject({ code: 'UNAVAILABLE', target: 'localhost:1' });
});

const describeIfOpenssl = hasOpenssl ? describe : describe.skip;

describeIfOpenssl('a function with mutual TLS', () => {
  test('is called by who has a certificate of its authority, and by nobody else', async () => {
    const ca = anAuthority();
    const server = ca.issue('localhost');
    const pair = { private_key: Buffer.from(server.key), cert_chain: Buffer.from(server.cert) };
    const target = await serve(
      echo,
      ServerCredentials.createSsl(Buffer.from(ca.cert), [pair], true),
    );

    const response = await call(target, { ca: ca.cert, ...ca.issue('crossplane') })(REQUEST);
    expect(response.meta?.tag).toBe('tag');

    const stranger = anAuthority();
    const strange = { ca: ca.cert, ...stranger.issue('crossplane') };
    await expect(call(target, strange)(REQUEST)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const deceived = { ca: stranger.cert, ...ca.issue('crossplane') };
    await expect(call(target, deceived)(REQUEST)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
