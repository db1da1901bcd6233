/** Tokens of service accounts, as this server takes them and as a stranger checks them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from 'jose';
import { Cluster, type Body } from '../served-cluster.js';

const API_AUDIENCE = 'https://kubernetes.default.svc.cluster.local';
const AWS_AUDIENCE = 'sts.amazonaws.com';
const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';
const DISCOVERY = '/.well-known/openid-configuration';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  const metadata = { name: 'bot' };
  await cluster.request('POST', ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
});
afterAll(() => cluster.discard());

async function tokenFor(...audiences: string[]): Promise<string> {
  const { body } = await cluster.request('POST', `${ACCOUNTS}/bot/token`, { spec: { audiences } });
  return body.status?.token ?? '';
}

async function review(token: string, audiences?: string[]): Promise<Body['status']> {
  const path = '/apis/authentication.k8s.io/v1/tokenreviews';
  return (await cluster.request('POST', path, { spec: { token, audiences } })).body.status;
}

const asBearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('the token of a service account', () => {
  test('is checked by a stranger with what the server publishes', async () => {
    const { body } = await cluster.request('GET', DISCOVERY);
    const { issuer, jwks_uri: place } = body as unknown as Record<string, string>;
    expect([issuer, place]).toEqual([cluster.server.url, `${cluster.server.url}/openid/v1/jwks`]);
    const keys = createRemoteJWKSet(new URL(place ?? ''), {
      [customFetch]: async () => {
        const { text, headers } = await cluster.send('GET', '/openid/v1/jwks');
        expect(headers['content-type']).toBe('application/jwk-set+json');
        return new Response(text);
      },
    });
    const options = { issuer: cluster.server.url, audience: AWS_AUDIENCE };
    const { payload } = await jwtVerify(await tokenFor(AWS_AUDIENCE), keys, options);
    expect(payload).toMatchObject({ sub: 'system:serviceaccount:default:bot' });
  });

  test('opens the API only where it is meant for it', async () => {
    const [forApi, forAws] = await Promise.all([tokenFor(), tokenFor(AWS_AUDIENCE)]);
    expect(decodeJwt(forApi).aud).toEqual([API_AUDIENCE]);
    const codes = [asBearer(forApi), asBearer(forAws)].map(async (headers) => {
      return (await cluster.request('GET', '/api', undefined, headers)).code;
    });
    expect(await Promise.all(codes)).toEqual([200, 401]);
  });

  test('is reviewed for the audiences asked about', async () => {
    const token = await tokenFor(AWS_AUDIENCE, 'vault');
    expect(await review(token)).toEqual({ user: {}, error: 'invalid bearer token' });
    expect(await review(token, ['other', AWS_AUDIENCE])).toMatchObject({
      authenticated: true,
      audiences: [AWS_AUDIENCE],
    });
    expect(await review(cluster.token, [AWS_AUDIENCE])).not.toHaveProperty('authenticated');
  });
});

describe('the documents of the issuer', () => {
  test('are read by service accounts, and by strangers once a role says so', async () => {
    const codeOf = async (headers: Record<string, string>) =>
      (await cluster.send('GET', DISCOVERY, undefined, headers)).code;
    // An empty header is none: nobody in particular asks.
    const anonymous = { authorization: '' };
    expect(await codeOf(asBearer(await tokenFor()))).toBe(200);
    expect(await codeOf(anonymous)).toBe(403);
    const rbac = 'rbac.authorization.k8s.io';
    await cluster.request('POST', `/apis/${rbac}/v1/clusterrolebindings`, {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'strangers' },
      roleRef: {
        apiGroup: rbac,
        kind: 'ClusterRole',
        name: 'system:service-account-issuer-discovery',
      },
      subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:unauthenticated' }],
    });
    expect(await codeOf(anonymous)).toBe(200);
  });
});

describe('a token that is bound to a secret', () => {
  const SECRETS = '/api/v1/namespaces/default/secrets';
  const bindTo = (boundObjectRef: object) =>
    cluster.request('POST', `${ACCOUNTS}/bot/token`, { spec: { boundObjectRef } });

  test('ends with it', async () => {
    await cluster.request('POST', SECRETS, { metadata: { name: 'life' } });
    const bound = { apiVersion: 'v1', kind: 'Secret', name: 'life' };
    const { body } = await bindTo(bound);
    const token = body.status?.token ?? '';
    expect(body.spec).toMatchObject({ boundObjectRef: bound });
    expect(decodeJwt(token)).toMatchObject({ 'kubernetes.io': { secret: { name: 'life' } } });
    const codeOf = async () =>
      (await cluster.request('GET', '/api', undefined, asBearer(token))).code;
    expect(await codeOf()).toBe(200);
    await cluster.request('DELETE', `${SECRETS}/life`);
    expect(await codeOf()).toBe(401);
  });

  test.each([
    { sentence: 'is not made for none', ref: { kind: 'Secret', name: 'none' }, code: 404 },
    { sentence: 'is not made for a pod', ref: { kind: 'Pod', name: 'none' }, code: 400 },
    {
      sentence: 'is not made for another of that name',
      ref: { kind: 'Secret', name: 'twin', uid: 'another' },
      code: 409,
    },
  ])('$sentence', async ({ ref, code }) => {
    await cluster.request('POST', SECRETS, { metadata: { name: 'twin' } });
    expect((await bindTo({ apiVersion: 'v1', ...ref })).code).toBe(code);
  });
});

describe('the rules of an administrator', () => {
  test('are told once', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const { body } = await cluster.request('POST', path, { spec: { namespace: 'default' } });
    const { nonResourceRules } = body.status as unknown as {
      nonResourceRules: { nonResourceURLs: string[] }[];
    };
    expect(nonResourceRules.filter((rule) => rule.nonResourceURLs.includes('*'))).toHaveLength(1);
  });
});
