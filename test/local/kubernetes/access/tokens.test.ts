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
afterAll(() => cluster.stop());

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
