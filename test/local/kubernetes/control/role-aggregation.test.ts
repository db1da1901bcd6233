/** Aggregated ClusterRoles: their rules are written into them, as the controller manager does it, and who may make them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from '../served-cluster.js';

const GROUP = 'rbac.authorization.k8s.io';
const ROLES = `/apis/${GROUP}/v1/clusterroles`;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.discard());

interface Role {
  readonly rules: { resources?: string[] }[] | null;
  readonly metadata: { managedFields: { manager: string; operation: string }[] };
}

const reading = (resource: string) => ({
  verbs: ['get'],
  apiGroups: ['example.com'],
  resources: [resource],
});

function create(name: string, role: object, labels: Record<string, string> = {}) {
  const metadata = { name, labels };
  return cluster.request('POST', ROLES, { kind: 'ClusterRole', metadata, ...role });
}

async function roleNamed(name: string): Promise<Role> {
  return (await cluster.request('GET', `${ROLES}/${name}`)).body as unknown as Role;
}

async function readsOf(name: string): Promise<string[]> {
  return ((await roleNamed(name)).rules ?? []).flatMap(({ resources }) => resources ?? []);
}

describe('an aggregated ClusterRole', () => {
  const selecting = (label: string) => ({
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'yes' } }] },
  });

  test('has the rules of the roles that it selects, by name and once each', async () => {
    await create('whole', selecting('of-whole'));
    await create('part-b', { rules: [reading('bees'), reading('ants')] }, { 'of-whole': 'yes' });
    await create('part-a', { rules: [reading('ants')] }, { 'of-whole': 'yes' });
    await cluster.until(async () => (await readsOf('whole')).length === 2);
    expect(await readsOf('whole')).toEqual(['ants', 'bees']);
  });

  test('tells who wrote its rules', async () => {
    await create('told', selecting('of-told'));
    await create('part-told', { rules: [reading('cats')] }, { 'of-told': 'yes' });
    await cluster.until(async () => (await readsOf('told')).length === 1);
    expect((await roleNamed('told')).metadata.managedFields).toContainEqual(
      expect.objectContaining({
        manager: 'clusterrole-aggregation-controller',
        operation: 'Apply',
        fieldsV1: { 'f:rules': {} },
      }),
    );
  });

  test('loses the rules of a role that goes', async () => {
    await create('loser', selecting('of-loser'));
    await create('part-lost', { rules: [reading('dogs')] }, { 'of-loser': 'yes' });
    await cluster.until(async () => (await readsOf('loser')).length === 1);
    await cluster.request('DELETE', `${ROLES}/part-lost`);
    await cluster.until(async () => (await readsOf('loser')).length === 0);
    expect((await roleNamed('loser')).rules).toBeNull();
  });

  test('is made only by who may do everything', async () => {
    const subject = { kind: 'User', name: 'dora', apiGroup: GROUP };
    const may = [{ verbs: ['*'], apiGroups: [GROUP], resources: ['clusterroles'] }];
    await create('role-maker', {
      rules: may.map((rule) => ({ ...rule, verbs: ['create', 'update'] })),
    });
    await cluster.request('POST', `/apis/${GROUP}/v1/clusterrolebindings`, {
      kind: 'ClusterRoleBinding',
      metadata: { name: 'role-maker' },
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'role-maker' },
      subjects: [subject],
    });
    const sent = { kind: 'ClusterRole', metadata: { name: 'greedy' }, ...selecting('any') };
    const { code, body } = await cluster.request('POST', ROLES, sent, {
      'impersonate-user': 'dora',
    });
    expect([code, body.message]).toEqual([
      403,
      `clusterroles.${GROUP} "greedy" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
    ]);
  });
});

describe('of the roles that every cluster has', () => {
  test('admin has the rules of edit, and edit those of view', async () => {
    const has = async (name: string, resource: string) => (await readsOf(name)).includes(resource);
    await cluster.until(() => has('admin', 'controllerrevisions'));
    expect([await has('edit', 'controllerrevisions'), await has('view', 'secrets')]).toEqual([
      true,
      false,
    ]);
  });
});
