/** A function under development, served over gRPC with Crossplane's SDK, in a Composition that the engine runs. */
import {
  Capability,
  FunctionRunner,
  Ready,
  type RunFunctionRequest,
  newGrpcServer,
  setDesiredComposedResources,
  to,
} from '@crossplane-org/function-sdk-typescript';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isConditionTrue } from '../../../../src/support/kubernetes/objects.js';
import { aControlPlane, CLOUD, eventually, type ControlPlane } from '../a-control-plane.js';
import { aComposition, aDefinition, GROUP, TYPE } from '../a-definition.js';

const SHOP = `${GROUP}/v1`;
const NAME = 'function-of-mine';

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, error: nothing } as unknown as Parameters<
  typeof newGrpcServer
>[1];

const told = new Set<Capability>();

/** Composes one bucket of twice the size that is asked for. */
function double(request: RunFunctionRequest) {
  for (const capability of request.meta?.capabilities ?? []) told.add(capability);
  const response = to(request);
  const { size } = request.observed?.composite?.resource?.spec as { size: number };
  setDesiredComposedResources(response, {
    bucket: {
      resource: { apiVersion: CLOUD, kind: 'Bucket', spec: { size: size * 2 } },
      connectionDetails: {},
      ready: Ready.READY_UNSPECIFIED,
    },
  });
  return Promise.resolve(response);
}

function serve(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

describe('a function under development', () => {
  const server = newGrpcServer(new FunctionRunner({ RunFunction: double }, SILENT), SILENT);
  let plane: ControlPlane;
  beforeAll(async () => {
    const port = await serve(server);
    plane = await aControlPlane();
    await plane.create({
      apiVersion: 'pkg.crossplane.io/v1',
      kind: 'Function',
      metadata: {
        name: NAME,
        annotations: {
          'render.crossplane.io/runtime': 'Development',
          'render.crossplane.io/runtime-development-target': `127.0.0.1:${port}`,
        },
      },
      spec: { package: 'registry.example.org/team/function-of-mine:v0.0.1' },
    });
    const { apiVersion, kind, metadata, spec } = aDefinition();
    await plane.create({ apiVersion, kind, metadata: { name: metadata.name }, spec });
    await eventually(async () => {
      const definition = await plane.read(apiVersion, kind, { name: metadata.name });
      return definition !== undefined && isConditionTrue(definition, 'Offered');
    });
    const composition = aComposition();
    await plane.create({
      apiVersion: composition.apiVersion,
      kind: composition.kind,
      metadata: { name: 'main' },
      spec: { compositeTypeRef: TYPE, pipeline: [{ step: 'mine', functionRef: { name: NAME } }] },
    });
  }, 30_000);
  afterAll(async () => {
    server.forceShutdown();
    await plane.stop();
  });

  test('is healthy though it is not built in', async () => {
    const found = await eventually(async () => {
      const current = await plane.read('pkg.crossplane.io/v1', 'Function', { name: NAME });
      return current !== undefined && isConditionTrue(current, 'Healthy') && current;
    });
    expect(isConditionTrue(found, 'Installed')).toBe(true);
  });

  test('composes what it answers', async () => {
    const metadata = { namespace: 'default', name: 'dev' };
    await plane.create({ apiVersion: SHOP, kind: 'Thing', metadata, spec: { size: 21 } });
    const [bucket] = await eventually(async () => {
      const buckets = await plane.list(CLOUD, 'Bucket');
      return buckets.length > 0 && buckets;
    });
    expect(bucket?.spec).toEqual({ size: 42 });
  });

  test('is told what it may count on, and that schemas are not fetched', () => {
    expect(told).toEqual(
      new Set([
        Capability.CAPABILITY_CAPABILITIES,
        Capability.CAPABILITY_REQUIRED_RESOURCES,
        Capability.CAPABILITY_CREDENTIALS,
        Capability.CAPABILITY_CONDITIONS,
      ]),
    );
  });
});
