import { describe, expect, test } from '@jest/globals';
import type { KubernetesClient } from '../../../src/support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../../src/support/kubernetes/objects.js';
import { publishConnectionSecret } from '../../../src/local/crossplane/connection-secret.js';
import { ownerReference } from '../../../src/local/crossplane/composed/render.js';

const owner: Stored = {
  apiVersion: 'shop.example.org/v1',
  kind: 'XThing',
  metadata: { name: 'x', uid: 'u', resourceVersion: '1' },
};
const NAME = { name: 'details', namespace: 'team' };

/** A cluster that holds this Secret and no more. */
function aCluster(present?: object) {
  const written: KubernetesObject[] = [];
  const write = (_: unknown, object: KubernetesObject) => {
    written.push(object);
    return Promise.resolve(object);
  };
  const client = {
    resourceType: () => Promise.resolve({}),
    read: () => Promise.resolve(present),
    create: write,
    replace: write,
  } as unknown as KubernetesClient;
  return { client, written };
}
const ours = (data: object) => ({
  metadata: { ...NAME, ownerReferences: [ownerReference(owner)] },
  type: 'connection.crossplane.io/v1alpha1',
  data,
});

describe('a connection Secret', () => {
  test.each([
    { sentence: 'keeps', leftovers: 'kept', data: { old: 'bw==', port: 'NA==' } },
    { sentence: 'loses', leftovers: 'dropped', data: { port: 'NA==' } },
  ] as const)('$sentence what is no longer published', async ({ leftovers, data }) => {
    const { client, written } = aCluster(ours({ old: 'bw==' }));
    await publishConnectionSecret(owner, NAME, { port: 'NA==' }, leftovers, client);
    expect(written).toMatchObject([{ data }]);
  });

  test('is not written where it says all of it already', async () => {
    const { client, written } = aCluster(ours({ old: 'bw==', port: 'NA==' }));
    const isWritten = await publishConnectionSecret(owner, NAME, { port: 'NA==' }, 'kept', client);
    expect([isWritten, written]).toEqual([false, []]);
  });

  test('of another type that nobody controls is left alone', async () => {
    const { client } = aCluster({ metadata: NAME, type: 'Opaque' });
    await expect(publishConnectionSecret(owner, NAME, {}, 'kept', client)).rejects.toThrow(
      'refusing to modify uncontrolled secret of type "Opaque"',
    );
  });
});
