/** Server-side apply of configurations that are no values of their schema, in the words of kube-apiserver 1.34. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aConfigMap, aWidget, Cluster, CONFIG_MAPS, DEFINITIONS } from './served-cluster.js';

const GROUP = 'applied.example.com';
const SPEC = {
  type: 'object',
  properties: {
    size: { type: 'integer' },
    on: { type: 'boolean' },
    name: { type: 'string' },
    nothing: { type: 'string', nullable: true },
    anything: { 'x-kubernetes-preserve-unknown-fields': true },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port'],
      items: {
        type: 'object',
        required: ['port'],
        properties: { port: { type: 'integer' } },
      },
    },
  },
};
const TYPED = `failed to create typed patch object (/one; ${GROUP}/v1, Kind=Widget): `;

let cluster: Cluster;
let widgets: string;

beforeAll(async () => {
  cluster = await Cluster.start();
  widgets = await cluster.widgets(GROUP, SPEC);
});
afterAll(() => cluster.discard());

const apply = (config: unknown, query = '') =>
  cluster.patch(`${widgets}/one?fieldManager=m${query}`, config, 'apply');

describe('an apply', () => {
  test.each([
    { spec: { size: null }, code: 422, field: 'spec.size' },
    { spec: { map: null }, code: 422, field: 'spec.map' },
    { spec: null, code: 422, field: 'spec' },
  ])('of a null in the place of $field is invalid', async ({ spec, code, field }) => {
    const { code: actual, body } = await apply(aWidget(GROUP, 'one', spec));
    expect([actual, body.details?.causes?.[0]?.field]).toEqual([code, field]);
  });

  test.each([
    { spec: { nothing: null }, shown: { nothing: null } },
    { spec: { anything: null }, shown: {} },
  ])('of $spec gives $shown', async ({ spec, shown }) => {
    expect((await apply(aWidget(GROUP, 'one', spec))).body.spec).toEqual(shown);
  });

  test.each([
    { spec: { size: 'x' }, why: '.spec.size: expected numeric (int or float), got string' },
    { spec: { on: 'true' }, why: '.spec.on: expected boolean, got &{true}' },
    {
      spec: { name: { a: 1 } },
      why: '.spec.name: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":1}}',
    },
    {
      spec: { ports: [null] },
      why: '.spec.ports: element 0: associative list with keys may not have a null element',
    },
  ])('of $spec is refused', async ({ spec, why }) => {
    const { code, body } = await apply(aWidget(GROUP, 'one', spec));
    expect([code, body.message]).toEqual([500, TYPED + why]);
  });

  test('of what is wrong in two ways is told of both', async () => {
    const config = { ...aConfigMap('one'), data: { a: 1 }, extra: 2 };
    const { body } = await cluster.patch(`${CONFIG_MAPS}/one?fieldManager=m`, config, 'apply');
    expect(body.message).toMatch(
      /: errors:\n {2}\.data\.a: .*\n {2}\.extra: field not declared in schema$/,
    );
  });

  test('of what it emptied itself is invalid, since nothing is left of it', async () => {
    await apply(aWidget(GROUP, 'one', { map: { a: '1' } }));
    const { code, body } = await apply(aWidget(GROUP, 'one', { map: {} }));
    expect([code, body.details?.causes?.[0]?.field]).toEqual([422, 'spec.map']);
  });

  test.each([
    { sentence: 'nothing', config: '{}', type: '/, Kind=' },
    { sentence: 'a kind alone', config: 'kind: Widget', type: '/, Kind=Widget' },
    {
      sentence: 'another kind',
      config: `apiVersion: ${GROUP}/v1\nkind: Wodget`,
      type: `${GROUP}/v1, Kind=Wodget`,
    },
  ])('of $sentence is of no type that is served there', async ({ config, type }) => {
    const { code, body } = await apply(config);
    expect([code, body.message]).toEqual([400, `invalid object type: ${type}`]);
  });

  const twice = `apiVersion: ${GROUP}/v1\nkind: Widget\nmetadata: {name: one}\nspec:\n  size: 1\n  size: 2\n`;
  const said = 'line 6: key "size" already set in map';

  test('of a key that comes twice takes the last and warns', async () => {
    const { body, headers } = await apply(twice);
    expect([body.spec, headers.warning]).toEqual([{ size: 2 }, `299 - ${JSON.stringify(said)}`]);
  });

  test('of a key that comes twice is refused where validation is strict', async () => {
    const { code, body } = await apply(twice, '&fieldValidation=Strict');
    expect([code, body.message]).toEqual([
      400,
      `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${said}`,
    ]);
  });

  test('of another uid is invalid', async () => {
    await apply(aWidget(GROUP, 'one', { size: 1 }));
    const { code, body } = await apply(aWidget(GROUP, 'one', {}, { uid: 'x' }));
    expect([code, body.details?.causes?.[0]?.field]).toEqual([422, 'metadata.uid']);
  });

  test('of a built-in kind names its version with a slash', async () => {
    const config = { ...aConfigMap('one'), data: { a: 1 } };
    const { body } = await cluster.patch(`${CONFIG_MAPS}/one?fieldManager=m`, config, 'apply');
    expect(body.message).toBe(
      'failed to create typed patch object (/one; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}',
    );
  });
});

test('a definition with a format that means nothing is taken with a warning, once', async () => {
  const { body } = await cluster.request('GET', `${DEFINITIONS}/widgets.${GROUP}`);
  const format = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/name/format';
  const change = (labels: string) =>
    cluster.patch(
      `${DEFINITIONS}/${body.metadata.name}`,
      [
        { op: 'add', path: format, value: 'nope' },
        { op: 'add', path: '/metadata/labels', value: { labels } },
      ],
      'json',
    );
  expect((await change('a')).headers.warning).toBe('299 - "unrecognized format \\"nope\\""');
  expect((await change('b')).headers.warning).toBeUndefined();
});
