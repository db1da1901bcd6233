/** Acting as somebody else; every case was seen on a kube-apiserver 1.34.3. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from '../served-cluster.js';

const RBAC = 'rbac.authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';
const REVIEWS = `/apis/${AUTHENTICATION}/v1/selfsubjectreviews`;
const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';
const AUTHENTICATED = 'system:authenticated';

let cluster: Cluster;
let botToken: string;

const impersonateRule = (apiGroup: string, resource: string, name: string) => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs: ['impersonate'],
  resourceNames: [name],
});

async function allow(scope: '' | 'Cluster', rules: object[]): Promise<void> {
  const within = scope === '' ? '/namespaces/default' : '';
  const at = `/apis/${RBAC}/v1${within}/${scope.toLowerCase()}role`;
  const metadata = { name: 'impersonators' };
  const subjects = [{ kind: 'ServiceAccount', name: 'bot', namespace: 'default' }];
  const roleRef = { apiGroup: RBAC, kind: `${scope}Role`, name: metadata.name };
  await cluster.request('POST', `${at}s`, { metadata, rules });
  await cluster.request('POST', `${at}bindings`, { metadata, roleRef, subjects });
}

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.request('POST', ACCOUNTS, { metadata: { name: 'bot' } });
  const { body } = await cluster.request('POST', `${ACCOUNTS}/bot/token`, {});
  botToken = body.status?.token ?? '';
  await allow('Cluster', [
    impersonateRule('', 'users', 'bob'),
    impersonateRule('', 'groups', 'dev'),
    impersonateRule(AUTHENTICATION, 'userextras/scopes', 'view'),
    impersonateRule(AUTHENTICATION, 'uids', '5'),
  ]);
  await allow('', [impersonateRule('', 'serviceaccounts', 'other')]);
});
afterAll(() => cluster.discard());

const whoAmI = (headers: Record<string, string>) => cluster.request('POST', REVIEWS, {}, headers);

describe('who acts as somebody else', () => {
  test.each([
    {
      sentence: 'is that user, with the uid and the extras that were named',
      headers: {
        'impersonate-user': 'jane',
        'impersonate-uid': '5',
        'impersonate-extra-example.org%2fscopes': 'view',
      },
      user: {
        username: 'jane',
        uid: '5',
        groups: [AUTHENTICATED],
        extra: { 'example.org/scopes': ['view'] },
      },
    },
    {
      sentence: 'may name a group that has a comma',
      headers: { 'impersonate-user': 'jane', 'impersonate-group': 'a,b' },
      user: { username: 'jane', groups: ['a,b', AUTHENTICATED] },
    },
    {
      sentence: 'has the groups of the service account',
      headers: { 'impersonate-user': 'system:serviceaccount:t:bot' },
      user: {
        username: 'system:serviceaccount:t:bot',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:t', AUTHENTICATED],
      },
    },
    {
      sentence: 'has only the groups that were named for the service account',
      headers: { 'impersonate-user': 'system:serviceaccount:t:bot', 'impersonate-group': 'a' },
      user: { username: 'system:serviceaccount:t:bot', groups: ['a', AUTHENTICATED] },
    },
  ])('$sentence', async ({ headers, user }) => {
    const { body } = await whoAmI(headers);
    expect(body.status).toEqual({ userInfo: user });
  });

  test.each([
    { sentence: 'is not authenticated as anonymous', user: 'system:anonymous', group: 'a' },
    { sentence: 'is not authenticated by name', user: 'jane', group: 'system:unauthenticated' },
  ])('$sentence', async ({ user, group }) => {
    const { code } = await whoAmI({ 'impersonate-user': user, 'impersonate-group': group });
    expect(code).toBe(403);
  });

  test.each([
    { header: 'impersonate-group', part: '{Group  x    }' },
    { header: 'impersonate-uid', part: `{UID  x  ${AUTHENTICATION}/v1  }` },
    { header: 'impersonate-extra-y', part: `{UserExtra  x  ${AUTHENTICATION}/v1  y}` },
  ])('names a user beside $header', async ({ header, part }) => {
    const { code, body } = await whoAmI({ [header]: 'x' });
    expect(code).toBe(500);
    expect(body.message).toContain(`requested [${part}] without impersonating a user`);
  });

  test.each([
    { sentence: 'the uid', headers: { 'impersonate-uid': '6' }, kind: 'uids' },
    { sentence: 'a value', headers: { 'impersonate-extra-scopes': 'edit' }, kind: 'userextras' },
    { sentence: 'a key', headers: { 'impersonate-extra-other': 'view' }, kind: 'userextras' },
    { sentence: 'a group', headers: { 'impersonate-group': 'ops' }, kind: 'groups' },
    { sentence: 'a user', headers: { 'impersonate-user': 'alice' }, kind: 'users' },
  ])('is refused $sentence that no role allows', async ({ headers, kind }) => {
    const authorization = `Bearer ${botToken}`;
    const { code, body } = await whoAmI({ authorization, 'impersonate-user': 'bob', ...headers });
    expect([code, (body.details as { kind?: string } | undefined)?.kind]).toEqual([403, kind]);
  });

  test('takes all that roles allow, a service account by a role in its namespace', async () => {
    const authorization = `Bearer ${botToken}`;
    const asBob = await whoAmI({
      authorization,
      'impersonate-user': 'bob',
      'impersonate-group': 'dev',
      'impersonate-uid': '5',
      'impersonate-extra-scopes': 'view',
    });
    expect(asBob.body.status).toMatchObject({ userInfo: { username: 'bob', uid: '5' } });
    const codeAs = async (name: string) =>
      (await whoAmI({ authorization, 'impersonate-user': `system:serviceaccount:${name}` })).code;
    expect([await codeAs('default:other'), await codeAs('t:other')]).toEqual([201, 403]);
  });
});
