import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aConfigMap, aWidget, Cluster, CONFIG_MAPS } from './served-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.discard());

const isGone = async (path: string) => (await cluster.request('GET', path)).code === 404;
const owned = (uid: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid, blockOwnerDeletion: true }],
});

async function ownerWithDependent(name: string): Promise<void> {
  const { body } = await cluster.request('POST', CONFIG_MAPS, aConfigMap(name));
  await cluster.request(
    'POST',
    CONFIG_MAPS,
    aConfigMap(`${name}-child`, {}, owned(body.metadata.uid, name)),
  );
}

describe('deletion', () => {
  test('in the background takes dependents along afterwards', async () => {
    await ownerWithDependent('back');
    await cluster.request('DELETE', `${CONFIG_MAPS}/back`);
    await expect(cluster.until(() => isGone(`${CONFIG_MAPS}/back-child`))).resolves.toBeUndefined();
  });

  test('in the foreground lets the owner go after its dependents', async () => {
    await ownerWithDependent('fore');
    await cluster.patch(`${CONFIG_MAPS}/fore-child`, { metadata: { finalizers: ['e.com/hold'] } });
    await cluster.request('DELETE', `${CONFIG_MAPS}/fore`, { propagationPolicy: 'Foreground' });
    await cluster.until(
      async () =>
        (await cluster.request('GET', `${CONFIG_MAPS}/fore-child`)).body.metadata
          .deletionTimestamp !== undefined,
    );
    expect((await cluster.request('GET', `${CONFIG_MAPS}/fore`)).body.metadata.finalizers).toEqual([
      'foregroundDeletion',
    ]);
    await cluster.patch(`${CONFIG_MAPS}/fore-child`, { metadata: { finalizers: null } });
    await cluster.until(() => isGone(`${CONFIG_MAPS}/fore`));
  });

  test('that orphans leaves dependents without the reference', async () => {
    await ownerWithDependent('orphan');
    await cluster.request('DELETE', `${CONFIG_MAPS}/orphan`, { propagationPolicy: 'Orphan' });
    await cluster.until(() => isGone(`${CONFIG_MAPS}/orphan`));
    expect(
      (await cluster.request('GET', `${CONFIG_MAPS}/orphan-child`)).body.metadata.ownerReferences,
    ).toBeUndefined();
  });

  test('waits for finalizers and takes no new ones meanwhile', async () => {
    await cluster.request('POST', CONFIG_MAPS, aConfigMap('held', {}, { finalizers: ['e.com/a'] }));
    await cluster.request('DELETE', `${CONFIG_MAPS}/held`);
    expect(
      (
        await cluster.patch(`${CONFIG_MAPS}/held`, {
          metadata: { finalizers: ['e.com/a', 'e.com/b'] },
        })
      ).code,
    ).toBe(422);
    await cluster.patch(`${CONFIG_MAPS}/held`, { metadata: { finalizers: [] } });
    expect(await isGone(`${CONFIG_MAPS}/held`)).toBe(true);
  });

  test('of a namespace empties it first and refuses new content', async () => {
    const maps = '/api/v1/namespaces/brief/configmaps';
    await cluster.request('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'brief' },
    });
    await cluster.request('POST', maps, aConfigMap('held', {}, { finalizers: ['e.com/a'] }));
    await cluster.request('DELETE', '/api/v1/namespaces/brief');
    expect((await cluster.request('POST', maps, aConfigMap('late'))).code).toBe(403);
    await cluster.patch(`${maps}/held`, { metadata: { finalizers: null } });
    await cluster.until(() => isGone('/api/v1/namespaces/brief'));
  });

  test('of a definition takes its objects along and stops serving them', async () => {
    const widgets = await cluster.widgets('brief.example.com', { type: 'object' });
    await cluster.request('POST', widgets, aWidget('brief.example.com', 'one', {}));
    await cluster.request(
      'DELETE',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.brief.example.com',
    );
    await cluster.until(async () => (await cluster.send('GET', widgets)).code === 404);
    await cluster.widgets('brief.example.com', { type: 'object' });
    expect((await cluster.request('GET', widgets)).body.items).toEqual([]);
  });
});

describe('a user', () => {
  async function tokenOf(name: string): Promise<string> {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    await cluster.request('POST', accounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name },
    });
    return (
      (await cluster.request('POST', `${accounts}/${name}/token`, { spec: {} })).body.status
        ?.token ?? ''
    );
  }

  test('may do what a role allows, and nothing else', async () => {
    const authorization = `Bearer ${await tokenOf('bot')}`;
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    const meta = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'reader' } };
    const rules = [{ verbs: ['list'], apiGroups: [''], resources: ['configmaps'] }];
    expect((await cluster.request('GET', CONFIG_MAPS, undefined, { authorization })).code).toBe(
      403,
    );
    await cluster.request('POST', `${rbac}/roles`, { ...meta, kind: 'Role', rules });
    const subjects = [{ kind: 'ServiceAccount', name: 'bot', namespace: 'default' }];
    await cluster.request('POST', `${rbac}/rolebindings`, {
      ...meta,
      kind: 'RoleBinding',
      subjects,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    });
    const codes = await Promise.all([
      cluster.request('GET', CONFIG_MAPS, undefined, { authorization }),
      cluster.request('POST', CONFIG_MAPS, aConfigMap('x'), { authorization }),
      cluster.request('GET', '/api/v1/namespaces/kube-system/configmaps', undefined, {
        authorization,
      }),
    ]);
    expect(codes.map(({ code }) => code)).toEqual([200, 403, 403]);
  });

  test('with a token that is none of ours is unknown, even where anybody may look', async () => {
    expect(
      (await cluster.request('GET', '/version', undefined, { authorization: 'Bearer wrong' })).code,
    ).toBe(401);
  });
});
