/** A Kubernetes API server with the engine on it, one kind to compose, and the two functions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { runCrossplane } from '../../../src/local/crossplane/engine.js';
import { serveKubernetes } from '../../../src/local/kubernetes/server.js';
import { systemClock } from '../../../src/support/clock.js';
import { KubernetesClient } from '../../../src/support/kubernetes/client.js';
import type {
  KubernetesObject,
  ObjectKey,
  Stored,
} from '../../../src/support/kubernetes/objects.js';
import { silentLog } from '../../../src/support/log.js';

/** Any object, as loosely as a test reads it. */
export interface Loose extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export interface ControlPlane {
  readonly client: KubernetesClient;
  /** How many passes the composites of the claim of this name have had. */
  passesOf(claim: string): number;
  create(object: Loose): Promise<Stored<Loose>>;
  read(apiVersion: string, kind: string, key: ObjectKey): Promise<Stored<Loose> | undefined>;
  list(apiVersion: string, kind: string): Promise<Stored<Loose>[]>;
  patch(object: Stored<Loose>, patch: object, subresource?: string): Promise<Stored<Loose>>;
  stop(): Promise<void>;
}

export const CLOUD = 'cloud.example.org/v1';

/** A kind of which a provider would make something: the tests play the provider. */
const bucketCrd: Loose = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'buckets.cloud.example.org' },
  spec: {
    group: 'cloud.example.org',
    scope: 'Cluster',
    names: { kind: 'Bucket', listKind: 'BucketList', plural: 'buckets', singular: 'bucket' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'integer' } } },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

function aFunction(name: string): Loose {
  return {
    apiVersion: 'pkg.crossplane.io/v1',
    kind: 'Function',
    metadata: { name },
    spec: { package: `xpkg.crossplane.io/crossplane-contrib/${name}:v1.0.0` },
  };
}

export async function aControlPlane(): Promise<ControlPlane> {
  const stateDir = await mkdtemp(join(tmpdir(), 'a-control-plane-'));
  const server = await serveKubernetes({ stateDir, port: 0, clock: systemClock, log: silentLog });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(server.kubeconfig);
  const passes: string[] = [];
  const engine = await runCrossplane({
    kubeConfig,
    clock: systemClock,
    log: silentLog,
    onPass: (composite) => passes.push(composite),
  });
  const client = new KubernetesClient(kubeConfig);
  const typeOf = ({ apiVersion, kind }: Loose) => client.resourceType(apiVersion, kind);
  const create = async (object: Loose) => client.create<Loose>(await typeOf(object), object);
  await create(bucketCrd);
  await create(aFunction('function-patch-and-transform'));
  await create(aFunction('function-auto-ready'));
  return {
    client,
    create,
    passesOf: (claim) => passes.filter((composite) => composite.includes(`/${claim}-`)).length,
    read: async (apiVersion, kind, key) =>
      client.read<Loose>(await client.resourceType(apiVersion, kind), key),
    list: async (apiVersion, kind) =>
      (await client.list<Loose>(await client.resourceType(apiVersion, kind))).items,
    patch: async (object, patch, subresource) => {
      const { name, namespace } = object.metadata;
      const key = namespace === undefined ? { name } : { name, namespace };
      const options = subresource === undefined ? {} : { subresource };
      return client.patch<Loose>(await typeOf(object), key, patch, options);
    },
    stop: async () => {
      await engine.close();
      client.close();
      await server.close();
      await rm(stateDir, { recursive: true });
    },
  };
}

/** What `ask` answers as soon as it is neither undefined nor false; a failure to ask counts as no answer. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const untilMs = systemClock.now() + withinMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer;
    if (systemClock.now() > untilMs) throw new Error('it did not come true in time');
    await systemClock.sleep(20);
  }
}
