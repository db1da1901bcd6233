/** Paths beside resources, and reviews: answered as kube-apiserver 1.34 answers them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from './served-cluster.js';

const GROUP = 'paths.example.com';
const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.widgets(GROUP, { type: 'object' });
});
afterAll(() => cluster.discard());

describe('health', () => {
  test.each([
    { path: '/livez', code: 200, text: /^ok$/ },
    { path: '/readyz/etcd', code: 200, text: /^ok$/ },
    { path: '/readyz/nope', code: 404, text: /^404 page not found\n$/ },
    { path: '/livez?verbose', code: 200, text: /^\[\+\]ping ok\n.*\nlivez check passed\n$/s },
    { path: '/healthz?verbose&exclude=etcd', code: 200, text: /\n\[\+\]etcd excluded: ok\n/ },
    {
      path: '/readyz?verbose&exclude=nope',
      code: 200,
      text: /\nwarn: some health checks cannot be excluded: no matches for "nope"\nreadyz check/,
    },
  ])('at $path is $code', async ({ path, code, text }) => {
    const reply = await cluster.send('GET', path);
    expect([reply.code, reply.text]).toEqual([code, expect.stringMatching(text)]);
  });
});

describe('a collection in all namespaces', () => {
  test.each([
    { method: 'DELETE', path: '/api/v1/configmaps', code: 405 },
    { method: 'DELETE', path: '/api/v1/namespaces', code: 405 },
    { method: 'DELETE', path: `/apis/${GROUP}/v1/widgets`, code: 404 },
    { method: 'POST', path: `/apis/${GROUP}/v1/widgets`, code: 404 },
  ])('takes no $method at $path', async ({ method, path, code }) => {
    const body = method === 'POST' ? {} : undefined;
    expect((await cluster.send(method, path, body)).code).toBe(code);
  });
});

test('discovery tells what a kind is stored as', async () => {
  const { text } = await cluster.send('GET', `/apis/${GROUP}/v1`);
  const { resources } = JSON.parse(text) as { resources: Record<string, unknown>[] };
  expect(resources[0]).toMatchObject({ storageVersionHash: expect.stringMatching(/^.{11}=$/) });
});

function review(kind: string, spec: unknown, namespace?: string) {
  const path = `${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}s`;
  const body = { apiVersion: 'authorization.k8s.io/v1', kind, spec };
  return cluster.request('POST', AUTHORIZATION + path, body, { 'user-agent': 'ann/1.0' });
}

const pods = { verb: 'get', resource: 'pods', namespace: 'default' };

describe('an access review', () => {
  test('says by which binding, and who wrote it', async () => {
    await cluster.request('POST', BINDINGS, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'bob' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [{ kind: 'User', name: 'bob' }],
    });
    const { body } = await review('SubjectAccessReview', {
      user: 'bob',
      resourceAttributes: pods,
    });
    expect(body.status).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "bob" of ClusterRole "cluster-admin" to User "bob"',
    });
    expect(body.metadata.managedFields).toEqual([
      expect.objectContaining({
        manager: 'ann',
        fieldsV1: {
          'f:spec': {
            'f:user': {},
            'f:resourceAttributes': { '.': {}, 'f:verb': {}, 'f:resource': {}, 'f:namespace': {} },
          },
        },
      }),
    ]);
  });

  test('gives no reason to those who may do everything', async () => {
    const { body } = await review('SelfSubjectAccessReview', { resourceAttributes: pods });
    expect(body.status).toEqual({ allowed: true });
  });

  test.each([
    {
      sentence: 'about nothing',
      kind: 'SelfSubjectAccessReview',
      spec: {},
      field: 'spec.resourceAttributes',
    },
    {
      sentence: 'about two things',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: pods, nonResourceAttributes: { path: '/x' } },
      field: 'spec.nonResourceAttributes',
    },
    {
      sentence: 'of nobody',
      kind: 'SubjectAccessReview',
      spec: { resourceAttributes: pods },
      field: 'spec.user',
    },
    {
      sentence: 'of another namespace',
      kind: 'LocalSubjectAccessReview',
      spec: { user: 'eve', resourceAttributes: pods },
      namespace: 'kube-public',
      field: 'spec.resourceAttributes.namespace',
    },
  ])('$sentence is invalid', async ({ kind, spec, namespace, field }) => {
    const { code, body } = await review(kind, spec, namespace);
    expect([code, body.details?.causes?.[0]?.field]).toEqual([422, field]);
  });

  test('within a namespace is answered there', async () => {
    const spec = { user: 'eve', resourceAttributes: pods };
    const { code, body } = await review('LocalSubjectAccessReview', spec, 'default');
    expect([code, body.status]).toEqual([201, { allowed: false }]);
  });

  test('of rules needs a namespace', async () => {
    const { code, body } = await review('SelfSubjectRulesReview', {});
    expect([code, body.message]).toEqual([400, 'no namespace on request']);
  });
});

describe('a role that takes the rules of others', () => {
  const role = (name: string, more: object, metadata: object = {}) =>
    cluster.request('POST', ROLES, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name, ...metadata },
      ...more,
    });

  test('is refused where a selector is none', async () => {
    const selectors = [{ matchExpressions: [{ key: 'a', operator: 'Nope' }] }];
    const { code, body } = await role('bad', {
      aggregationRule: { clusterRoleSelectors: selectors },
    });
    expect([code, body.details?.causes?.map(({ field }) => field)]).toEqual([
      422,
      [
        'aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator',
        'aggregationRule.clusterRoleSelectors[0]',
      ],
    ]);
  });

  test('has those that a condition on labels selects', async () => {
    const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }];
    const selectors = [{ matchExpressions: [{ key: 'part', operator: 'In', values: ['of-all'] }] }];
    await role('part', { rules }, { labels: { part: 'of-all' } });
    await role('whole', { aggregationRule: { clusterRoleSelectors: selectors } });
    await cluster.request('POST', BINDINGS, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'carol' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'whole' },
      subjects: [{ kind: 'User', name: 'carol' }],
    });
    const isAllowed = async () => {
      const spec = { user: 'carol', resourceAttributes: pods };
      return (await review('SubjectAccessReview', spec)).body.status?.allowed === true;
    };
    await expect(cluster.until(isAllowed)).resolves.toBeUndefined();
  });
});
