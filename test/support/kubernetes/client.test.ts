import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubernetesClient, type ResourceType } from '../../../src/support/kubernetes/client.js';
import { Informer, type Change } from '../../../src/support/kubernetes/informer.js';
import type { KubernetesObject } from '../../../src/support/kubernetes/objects.js';
import { systemClock } from '../../../src/support/clock.js';
import { silentLog } from '../../../src/support/log.js';
import { aCluster, type ACluster } from '../../builders/a-cluster.js';

const context = { clock: systemClock, log: silentLog };
const namespace = 'default';

let cluster: ACluster;
let client: KubernetesClient;
let configMaps: ResourceType;
beforeAll(async () => {
  cluster = await aCluster();
  client = new KubernetesClient(cluster.kubeConfig);
  configMaps = await client.resourceType('v1', 'ConfigMap');
});
afterAll(async () => {
  client.close();
  await cluster.stop();
});

function aConfigMap(name: string, data: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data,
  } as KubernetesObject;
}

describe('the client', () => {
  test('finds the address of a kind by discovery', async () => {
    expect(await client.resourceType('coordination.k8s.io/v1', 'Lease')).toEqual({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      plural: 'leases',
      namespaced: true,
    });
  });

  test('says which kind there is no match for', async () => {
    await expect(client.resourceType('payments.example.org/v1', 'Cheque')).rejects.toMatchObject({
      reason: 'NoKindMatch',
      message: 'no matches for kind "Cheque" in version "payments.example.org/v1"',
    });
  });

  test('reads back what it created, and nothing where nothing is', async () => {
    await client.create(configMaps, aConfigMap('made', { a: '1' }));
    expect(await client.read(configMaps, { name: 'made', namespace })).toMatchObject({
      data: { a: '1' },
    });
    expect(await client.read(configMaps, { name: 'missing', namespace })).toBeUndefined();
  });

  test('names kind and version of each item of a list', async () => {
    await client.create(configMaps, aConfigMap('listed'));
    const { items } = await client.list(configMaps, {
      namespace,
      fieldSelector: 'metadata.name=listed',
    });
    expect(items.map(({ apiVersion, kind }) => [apiVersion, kind])).toEqual([['v1', 'ConfigMap']]);
  });

  test('carries the reason of a refusal', async () => {
    await client.create(configMaps, aConfigMap('twice'));
    await expect(client.create(configMaps, aConfigMap('twice'))).rejects.toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
    });
  });

  test('applies as a manager and removes what it applies no longer', async () => {
    const manager = { fieldManager: 'test' };
    await client.apply(configMaps, aConfigMap('applied', { a: '1', b: '2' }), manager);
    expect(
      await client.apply(configMaps, aConfigMap('applied', { a: '1' }), manager),
    ).toMatchObject({
      data: { a: '1' },
    });
  });

  test('stores nothing in a dry run', async () => {
    await client.create(configMaps, aConfigMap('rehearsed'), { dryRun: true });
    expect(await client.read(configMaps, { name: 'rehearsed', namespace })).toBeUndefined();
  });

  test('tells whether there was something to delete', async () => {
    await client.create(configMaps, aConfigMap('doomed'));
    const key = { name: 'doomed', namespace };
    expect([await client.delete(configMaps, key), await client.delete(configMaps, key)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('an informer', () => {
  /** An informer of one object, and the changes it has told. */
  async function following(name: string) {
    const changes: string[] = [];
    const waiting: { count: number; resolve: () => void }[] = [];
    const informer = new Informer(client, configMaps, context, {
      namespace,
      fieldSelector: `metadata.name=${name}`,
    });
    informer.onChange(({ type }: Change) => {
      changes.push(type);
      for (const { count, resolve } of waiting) if (changes.length >= count) resolve();
    });
    informer.start();
    await informer.synced;
    const told = (count: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ count, resolve });
        if (changes.length >= count) resolve();
      });
    return { informer, changes, told };
  }

  test('tells each change of an object once, in order', async () => {
    const { informer, changes, told } = await following('seen');
    await client.create(configMaps, aConfigMap('seen'));
    await client.patch(configMaps, { name: 'seen', namespace }, { data: { a: '1' } });
    await client.delete(configMaps, { name: 'seen', namespace });
    await told(3);
    await informer.stop();
    expect(changes).toEqual(['added', 'modified', 'deleted']);
  });

  test('has what was there before it started', async () => {
    await client.create(configMaps, aConfigMap('before', { a: '1' }));
    const { informer } = await following('before');
    expect(informer.get({ name: 'before', namespace })).toMatchObject({ data: { a: '1' } });
    await informer.stop();
  });

  test('tells a late listener of what it already has', async () => {
    await client.create(configMaps, aConfigMap('late'));
    const { informer } = await following('late');
    const seen: string[] = [];
    informer.onChange(({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
    await informer.stop();
    expect(seen).toEqual(['added late']);
  });

  test('tells nothing once stopped', async () => {
    const { informer, changes } = await following('after');
    await informer.stop();
    await client.create(configMaps, aConfigMap('after'));
    expect(changes).toEqual([]);
  });
});
