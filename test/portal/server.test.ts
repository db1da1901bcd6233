/** The portal's server, as a browser or anybody else may call it. */
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Catalogue,
  EditPreview,
  Manifest,
  Preview,
  Refusal,
} from '../../src/portal/contract.js';
import { servePortal } from '../../src/portal/server.js';
import { systemClock } from '../../src/support/clock.js';
import { silentLog } from '../../src/support/log.js';
import { aClaim } from '../builders/claim.js';
import { aPortal, until, type APortal } from './a-portal.js';

let world: APortal;

beforeAll(async () => {
  world = await aPortal();
});

afterAll(() => world.stop());

interface Reply<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

async function call<T = Refusal>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${world.token}` },
): Promise<Reply<T>> {
  const response = await fetch(world.portal.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

const draft = (spec: Readonly<Record<string, unknown>> = {}, key: object = {}) => ({
  form: 'cluster',
  namespace: 'team-payments',
  name: 'written',
  spec: aClaim({ environmentSuffix: 'written', ...spec }).spec,
  ...key,
});

/** The first event of this name in a stream, whose data passes. */
async function eventIn<T>(
  path: string,
  name: string,
  token = world.token,
  passes: (data: T) => boolean = () => true,
): Promise<T> {
  const response = await fetch(world.portal.url + path, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    for (const block of text.split('\n\n').slice(0, -1)) {
      if (!block.startsWith(`event: ${name}\n`)) continue;
      const data = JSON.parse(block.slice(block.indexOf('data: ') + 6)) as T;
      if (!passes(data)) continue;
      return data;
    }
  }
  throw new Error(`the stream ended without ${name}`);
}

describe('a session', () => {
  test('is nobody’s where there is no token, which is no failure', async () => {
    const { status, body } = await call('GET', '/api/session', undefined, {});
    expect({ status, body }).toEqual({ status: 200, body: null });
  });

  test('is needed for all else, and the refusal says what to do', async () => {
    const { status, body } = await call('GET', '/api/catalogue', undefined, {});
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'PDR2001' });
    expect(body.remedy).toContain('sign in');
  });

  test('that the cluster knows no more is refused, and not nobody’s', async () => {
    const { status, body } = await call('GET', '/api/session', undefined, {
      authorization: 'Bearer expired',
    });
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'PDR2001' });
  });

  test('is refused where the cluster does not know the token', async () => {
    const { status, body, headers } = await call('POST', '/api/session', { token: 'expired' }, {});
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'PDR2001' });
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('is a cookie that no script and no other site gets, and that does not show the token', async () => {
    const { headers } = await call('POST', '/api/session', { token: world.token }, {});
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(cookie).not.toContain(world.token);
    const [pair = ''] = cookie.split(';');
    const again = await call('GET', '/api/session', undefined, { cookie: pair });
    expect(again.body).toMatchObject({ user: 'kubernetes-admin', canSignOut: true });
    const forged = { cookie: `${pair.slice(0, -4)}AAAA` };
    expect(await call('GET', '/api/session', undefined, forged)).toMatchObject({ body: null });
    expect(await call('GET', '/api/catalogue', undefined, forged)).toMatchObject({ status: 401 });
  });

  test('takes the token that a proxy passes', async () => {
    const { body } = await call('GET', '/api/session');
    expect(body).toMatchObject({ user: 'kubernetes-admin', canSignOut: false });
  });

  test('begins with a link, which can be used once', async () => {
    const ticket = new URL(world.portal.signInLink(world.token)).hash.slice(1);
    const first = await call('POST', '/api/session', { ticket }, {});
    expect(first.status).toBe(200);
    const second = await call('POST', '/api/session', { ticket }, {});
    expect({ status: second.status, code: second.body.code }).toEqual({
      status: 401,
      code: 'PDR2011',
    });
  });
});

describe('a request', () => {
  test.each([
    { sentence: 'of a page of another site', headers: { origin: 'https://evil.example' } },
    {
      sentence: 'that a browser says another site made',
      headers: { 'sec-fetch-site': 'cross-site' },
    },
    { sentence: 'of a form', headers: { 'content-type': 'text/plain' } },
  ])('$sentence is refused', async ({ headers }) => {
    const all = { authorization: `Bearer ${world.token}`, ...headers };
    const { status, body } = await call('POST', '/api/claims', draft(), all);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'PDR2007' });
  });

  test('by another name for this machine is refused', async () => {
    const { port } = new URL(world.portal.url);
    const status = await new Promise((resolve) => {
      httpRequest({ port, host: '127.0.0.1', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(400);
  });

  test('that is too large is refused', async () => {
    const { status, body } = await call(
      'POST',
      '/api/preview',
      draft({ tags: { a: 'x'.repeat(400_000) } }),
    );
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'PDR2007' });
  });

  test.each(['[1]', '{', '"x"'])('whose body is %s is refused', async (text) => {
    const { body } = await call('POST', '/api/preview', text);
    expect(body.code).toBe('PDR2007');
  });

  test('is answered with a policy that runs only our own script', async () => {
    const { headers } = await fetch(world.portal.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });
});

describe('a draft', () => {
  test('can be written by the schema that the cluster serves, without what is Crossplane’s own', async () => {
    const { body } = await call<Catalogue>('GET', '/api/catalogue');
    expect(body.entries.map(({ apiVersion }) => apiVersion)).toEqual([
      'payments.example.org/v1alpha1',
      'payments.m.example.org/v1alpha1',
    ]);
    const fields = body.entries[0]?.schema.properties ?? {};
    expect(fields.handler?.properties?.timeoutSeconds).toMatchObject({ default: 30, maximum: 900 });
    expect(Object.keys(fields)).not.toContain('compositionRef');
    expect(body.namespaces).toContain('team-payments');
  });

  test.each([
    {
      sentence: 'a bound',
      spec: { handler: { image: { registryId: '1', repository: 'payments', tag: 'y' } } },
      field: 'spec.handler.image.registryId',
    },
    {
      sentence: 'a rule over two fields',
      spec: { regions: { primary: 'us-east-1', secondary: 'us-east-1' } },
      field: 'spec.regions',
    },
    {
      sentence: 'a field that is not there',
      spec: { notifications: {} },
      field: 'spec.notifications.email',
    },
  ])('is marked at the field for $sentence', async ({ spec, field }) => {
    const { body } = await call<Preview>('POST', '/api/preview', draft(spec));
    expect(body.faults.map((fault) => fault.field)).toContain(field);
    expect(body.faults.every(({ message }) => message !== '')).toBe(true);
  });

  test('is marked for a name that is taken, and an environment that is', async () => {
    await world.claim('team-orders', 'other', 'taken');
    await until(async () => {
      const { body } = await call<Preview>(
        'POST',
        '/api/preview',
        draft({ environmentSuffix: 'taken' }, { namespace: 'team-orders', name: 'other2' }),
      );
      expect(body.faults).toMatchObject([{ field: 'spec.environmentSuffix' }]);
    });
    const { body } = await call<Preview>(
      'POST',
      '/api/preview',
      draft({ environmentSuffix: 'free' }, { namespace: 'team-orders', name: 'other' }),
    );
    expect(body.faults).toMatchObject([{ field: 'metadata.name' }]);
    const { body: unfinished } = await call<Preview>(
      'POST',
      '/api/preview',
      draft({ environmentSuffix: 'Free!' }, { namespace: 'team-orders', name: 'other' }),
    );
    expect(unfinished.faults.map(({ field }) => field)).toEqual([
      'metadata.name',
      'spec.environmentSuffix',
    ]);
  });

  test('says so where the cluster has no Composition to preview it with', async () => {
    const { body } = await call<Preview>('POST', '/api/preview', draft());
    expect(body.faults).toEqual([]);
    expect(body.unrendered).not.toBe('');
    expect(body.yaml).toContain('environmentSuffix: written');
  });

  test('is applied with the rights of the caller', async () => {
    const viewer = { authorization: `Bearer ${await world.account('team-payments', 'view')}` };
    const refused = await call('POST', '/api/claims', draft(), viewer);
    expect({ status: refused.status, code: refused.body.code }).toEqual({
      status: 403,
      code: 'PDR2002',
    });
    const editor = { authorization: `Bearer ${await world.account('team-payments', 'edit')}` };
    expect((await call('POST', '/api/claims', draft(), editor)).status).toBe(200);
    expect((await call('POST', '/api/claims', draft(), editor)).body.causes).toMatchObject([
      { field: 'metadata.name' },
    ]);
  });
});

describe('an edit', () => {
  const path = '/api/claims/cluster/team-payments/edited';
  const specOf = (spec: Manifest['spec'], timeoutSeconds: number) => ({
    ...spec,
    handler: { ...(spec.handler as object), timeoutSeconds },
  });

  test('shows what it would change before it changes it, and loses to whoever was faster', async () => {
    await world.claim('team-payments', 'edited', 'edited');
    const { body: before } = await call<Manifest>('GET', path);
    const edit = { generation: before.generation, spec: specOf(before.spec, 60) };
    const { body: preview } = await call<EditPreview>('POST', `${path}/changes`, edit);
    expect(preview).toEqual({
      changes: [{ field: 'spec.handler.timeoutSeconds', before: 30, after: 60 }],
      faults: [],
    });
    const { body: untouched } = await call<Manifest>('GET', path);
    expect(untouched).toEqual(before);
    expect((await call('PUT', path, edit)).status).toBe(200);
    const late = await call('PUT', path, { ...edit, spec: specOf(before.spec, 90) });
    expect({ status: late.status, code: late.body.code }).toEqual({ status: 409, code: 'PDR2005' });
  });

  test('is not held up by a status that changes meanwhile', async () => {
    const claim = await world.claim('team-payments', 'coming-up', 'coming-up');
    const comingUp = '/api/claims/cluster/team-payments/coming-up';
    const { body } = await call<Manifest>('GET', comingUp);
    await world.setReady(claim, 'True');
    const edit = { ...body, spec: specOf(body.spec, 60) };
    expect((await call('POST', `${comingUp}/changes`, edit)).status).toBe(200);
    expect((await call('PUT', comingUp, edit)).status).toBe(200);
  });

  test('of what cannot be changed is marked', async () => {
    const { body } = await call<Manifest>('GET', path);
    const edit = { ...body, spec: { ...body.spec, environmentSuffix: 'another' } };
    const { body: preview } = await call<EditPreview>('POST', `${path}/changes`, edit);
    expect(preview.faults).toMatchObject([{ field: 'spec.environmentSuffix' }]);
  });

  test('and a deletion of a claim that is gone say so', async () => {
    const gone = '/api/claims/cluster/team-payments/never';
    expect((await call('GET', gone)).body.code).toBe('PDR2004');
    expect((await call('DELETE', gone, { uid: 'x' })).body.code).toBe('PDR2004');
  });
});

describe('what is shown live', () => {
  interface Row {
    readonly name: string;
    readonly namespace: string;
    readonly ready: { readonly status: string; readonly message: string } | null;
  }

  test('is what the caller may list, and no more', async () => {
    await world.claim('team-payments', 'mine', 'mine');
    await world.claim('team-orders', 'theirs', 'theirs');
    const viewer = await world.account('team-payments', 'view');
    await until(async () => {
      const all = await eventIn<Row[]>('/api/stream', 'claims');
      expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['mine', 'theirs']));
    });
    const rows = await eventIn<Row[]>('/api/stream', 'claims', viewer);
    expect(rows.map(({ name }) => name)).toContain('mine');
    expect(new Set(rows.map(({ namespace }) => namespace))).toEqual(new Set(['team-payments']));
    const nobody = await world.account('team-orders');
    expect(await eventIn<Row[]>('/api/stream', 'claims', nobody)).toEqual([]);
    const path = '/api/claims/cluster/team-orders/theirs/stream';
    expect(await eventIn<Refusal>(path, 'refused', viewer)).toMatchObject({ code: 'PDR2002' });
  });

  test('ends for a token that the cluster no longer takes', async () => {
    expect(await eventIn<Refusal>('/api/stream', 'refused', 'expired')).toMatchObject({
      code: 'PDR2001',
    });
  });

  test('follows a change, whatever its status is', async () => {
    const claim = await world.claim('team-payments', 'changing', 'changing');
    const changed = eventIn<{ rows: Row[] }>('/api/stream', 'changed', world.token, ({ rows }) =>
      rows.some(({ ready }) => ready?.message === '<b>new</b>'),
    );
    await until(async () => {
      await world.setReady(claim, 'Perhaps', '<i>old</i>');
      await world.setReady(claim, 'Perhaps', '<b>new</b>');
    });
    expect((await changed).rows[0]).toMatchObject({
      name: 'changing',
      ready: { status: 'Perhaps' },
    });
  });
});

describe('a cluster', () => {
  test('that does not answer is told of, and the page is there all the same', async () => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromOptions({
      clusters: [{ name: 'x', server: 'https://127.0.0.1:9', skipTLSVerify: false }],
      users: [{ name: 'x', token: 'x' }],
      contexts: [{ name: 'x', cluster: 'x', user: 'x' }],
      currentContext: 'x',
    });
    const portal = await servePortal({
      ...{ kubeConfig, pageDir: 'dist/portal', port: 0, clock: systemClock, log: silentLog },
    });
    try {
      const headers = { authorization: 'Bearer x' };
      const session = await fetch(`${portal.url}/api/session`, { headers });
      expect(session.status).toBe(504);
      expect(await session.json()).toMatchObject({ code: 'PDR1005', retryable: true });
      expect((await fetch(portal.url)).status).toBe(200);
    } finally {
      await portal.close();
    }
  });
});

test('the page’s script is small', () => {
  const scripts = readdirSync('dist/portal').filter((name) => name.endsWith('.js'));
  const sizes = scripts.map((name) => gzipSync(readFileSync(`dist/portal/${name}`)).length);
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeLessThan(60_000);
});
