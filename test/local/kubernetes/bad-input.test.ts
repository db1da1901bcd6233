/** Bad input: answered in the words that a real kube-apiserver 1.34 was seen to use, and never the end of the server. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aConfigMap, aWidget, Cluster, CONFIG_MAPS } from './served-cluster.js';

const GROUP = 'bad.example.com';
const YAML = { 'content-type': 'application/yaml' };

let cluster: Cluster;
let widgets: string;
beforeAll(async () => {
  cluster = await Cluster.start();
  widgets = await cluster.widgets(GROUP, {
    type: 'object',
    properties: {
      map: { type: 'object', additionalProperties: { type: 'string' } },
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      count: { type: 'integer' },
      short: { type: 'string', pattern: '^(a+)+$' },
    },
  });
});
afterAll(() => cluster.discard());

describe('JSON is refused', () => {
  test.each([
    ['{"a":}', "invalid character '}' looking for beginning of value"],
    ['{"a":1', 'unexpected end of JSON input'],
    ['{"a":01}', "invalid character '1' after object key:value pair"],
    ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"kind":"ConfigMap"} x', "invalid character 'x' after top-level value"],
    ['{"a":"\n"}', "invalid character '\\n' in string literal"],
    ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ])('%j', async (sent, why) => {
    const { code, body } = await cluster.request('POST', CONFIG_MAPS, sent);
    expect([code, body.reason]).toEqual([400, 'BadRequest']);
    expect(body.message).toContain(why);
  });

  test.each([
    ['lists', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['objects', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
  ])('with %s nested without end, and the server stays up', async (_what, sent) => {
    const { code } = await cluster.request('POST', CONFIG_MAPS, sent);
    expect(code).toBe(400);
    expect((await cluster.send('GET', '/readyz')).text).toBe('ok');
  });
});

test('a YAML key that comes twice is warned of, and refused where that was asked for', async () => {
  const sent =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata:\n  a: "1"\n  a: "2"\n';
  const lenient = await cluster.request('POST', CONFIG_MAPS, sent, YAML);
  expect([lenient.code, lenient.body.data]).toEqual([201, { a: '2' }]);
  expect(lenient.headers.warning).toContain('line 6: key \\"a\\" already set in map');
  const strict = await cluster.request('POST', `${CONFIG_MAPS}?fieldValidation=Strict`, sent, YAML);
  expect(strict.code).toBe(400);
});

test.each([
  ['g in (a b)', "unable to parse requirement: found 'b', expected: ',' or ')'"],
  ['(', "found '(', expected: !, identifier, or 'end of string'"],
  ['g=1,', "found '', expected: identifier after ','"],
  ['a/b/c', 'a qualified name must consist of'],
  [`g=${'x'.repeat(64)}`, 'must be no more than 63 characters'],
])('the label selector %j is refused', async (selector, why) => {
  const path = `${CONFIG_MAPS}?labelSelector=${encodeURIComponent(selector)}`;
  const { code, body } = await cluster.request('GET', path);
  expect(code).toBe(400);
  expect(body.message).toContain(why);
});

test.each([
  { sentence: 'lists', text: '['.repeat(100_000), what: '[' },
  { sentence: 'objects', text: '{"a":'.repeat(20_000), what: '{' },
])('$sentence within each other are refused past a depth', async ({ text, what }) => {
  const { code, body } = await cluster.request('POST', CONFIG_MAPS, text);
  expect([code, body.message]).toEqual([
    400,
    expect.stringContaining(`json parse error: invalid character '${what}' exceeded max depth`),
  ]);
});

test('what the body of a deletion says counts alone', async () => {
  await cluster.request('POST', CONFIG_MAPS, aConfigMap('really-gone'));
  await cluster.request('DELETE', `${CONFIG_MAPS}/really-gone?dryRun=All`, {});
  expect((await cluster.request('GET', `${CONFIG_MAPS}/really-gone`)).code).toBe(404);
});

test('a selector of many thousand terms and a hostile pattern take no time to speak of', async () => {
  const selector = Array.from({ length: 1500 }, (_, n) => `k${n}`).join(',');
  const { code } = await cluster.request('GET', `${CONFIG_MAPS}?labelSelector=${selector}`);
  expect(code).toBe(200);
  const hostile = aWidget(GROUP, 'hostile', { short: `${'a'.repeat(50_000)}!` });
  const { body } = await cluster.request('POST', widgets, hostile);
  expect(body.details?.causes?.[0]?.field).toBe('spec.short');
});

describe('what is applied is refused', () => {
  test.each([
    ['when a set has a value twice', { set: ['a', 'a'] }, '.spec.set: duplicate entries for key'],
    ['when a field is of another type', { count: 'x' }, '.spec.count: expected numeric'],
    ['when a field is in no schema', { other: 1 }, '.spec.other: field not declared in schema'],
  ])('%s', async (_sentence, spec, why) => {
    const path = `${widgets}/applied?fieldManager=m`;
    const { code, body } = await cluster.patch(path, aWidget(GROUP, 'applied', spec), 'apply');
    expect(code).toBe(500);
    expect(body.message).toContain(why);
  });
});

test('a map that its only applier lets go of is gone, not empty', async () => {
  const path = `${widgets}/emptied?fieldManager=m`;
  await cluster.patch(path, aWidget(GROUP, 'emptied', { map: { a: 'b' }, count: 1 }), 'apply');
  const { body } = await cluster.patch(path, aWidget(GROUP, 'emptied', { count: 1 }), 'apply');
  expect(body.spec).toEqual({ count: 1 });
});

describe('a watch shows what is deleted as it last was', () => {
  test('when its last finalizer goes, and when a label takes it out of sight', async () => {
    const made = await cluster.request(
      'POST',
      widgets,
      aWidget(GROUP, 'seen', {}, { labels: { g: '1' }, finalizers: ['example.com/held'] }),
    );
    const from = made.body.metadata.resourceVersion;
    const one = `${widgets}/seen`;
    await cluster.patch(one, { metadata: { labels: { g: '2' } } });
    await cluster.request('DELETE', one);
    await cluster.patch(one, { metadata: { finalizers: null } });
    const [left] = await cluster.watch(
      `${widgets}?watch=1&labelSelector=g%3D1&resourceVersion=${from}`,
      1,
    );
    expect([left?.type, left?.object.metadata.labels]).toEqual(['DELETED', { g: '1' }]);
    const all = await cluster.watch(`${widgets}?watch=1&resourceVersion=${from}`, 3);
    expect(all.map(({ type }) => type)).toEqual(['MODIFIED', 'MODIFIED', 'DELETED']);
    expect(all[2]?.object.metadata.finalizers).toEqual(['example.com/held']);
  });
});

test('nobody grants in a binding or a role what they do not have', async () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const here = `${rbac}/namespaces/default`;
  const rules = [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['*'], verbs: ['create'] }];
  await cluster.request('POST', `${here}/roles`, { metadata: { name: 'maker' }, rules });
  const subjects = [{ kind: 'User', name: 'maker' }];
  await cluster.request('POST', `${here}/rolebindings`, {
    metadata: { name: 'maker' },
    subjects,
    roleRef: { kind: 'Role', name: 'maker' },
  });
  const asMaker = { 'impersonate-user': 'maker' };
  const grant = (what: string, body: object) =>
    cluster.request('POST', `${here}/${what}`, body, asMaker);
  const tooMuch = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
  const refused = await grant('roles', { metadata: { name: 'more' }, rules: tooMuch });
  expect([refused.code, refused.body.message]).toEqual([
    403,
    expect.stringContaining('not currently held'),
  ]);
  const admin = { kind: 'ClusterRole', name: 'cluster-admin' };
  const bound = await grant('rolebindings', {
    metadata: { name: 'all' },
    subjects,
    roleRef: admin,
  });
  expect(bound.code).toBe(403);
  const same = await grant('roles', { metadata: { name: 'same' }, rules });
  expect(same.code).toBe(201);
});

test('an object that is being deleted is said to be when its name is wanted', async () => {
  const held = aConfigMap('held', {}, { finalizers: ['example.com/held'] });
  await cluster.request('POST', CONFIG_MAPS, held);
  await cluster.request('DELETE', `${CONFIG_MAPS}/held`);
  const { code, body } = await cluster.request('POST', CONFIG_MAPS, held);
  expect([code, body.message]).toEqual([
    409,
    'object is being deleted: configmaps "held" already exists',
  ]);
});
