import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aDefinition, aWidget, Cluster, DEFINITIONS } from './served-cluster.js';

const GROUP = 'schema.example.com';
const item = {
  type: 'object',
  required: ['k'],
  properties: { k: { type: 'string' }, v: { type: 'integer' } },
};
const SPEC = {
  type: 'object',
  'x-kubernetes-validations': [
    {
      rule: '!has(self.min) || !has(self.max) || self.min <= self.max',
      message: 'min must not exceed max',
      fieldPath: '.min',
      reason: 'FieldValueForbidden',
    },
    {
      rule: "!has(self.name) || self.name != 'bob'",
      messageExpression: "'the name ' + self.name + ' is taken'",
    },
  ],
  properties: {
    name: { type: 'string', maxLength: 5, pattern: '^[a-z]+$' },
    min: { type: 'integer', minimum: 1 },
    max: { type: 'integer', default: 9 },
    color: { type: 'string', enum: ['red', 'blue'] },
    tags: {
      type: 'array',
      maxItems: 2,
      'x-kubernetes-list-type': 'set',
      items: { type: 'string' },
    },
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: item,
    },
    sizes: { type: 'object', additionalProperties: { type: 'integer' } },
    port: { 'x-kubernetes-int-or-string': true },
    when: { type: 'string', format: 'date-time' },
    fixed: {
      type: 'string',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed is immutable' }],
    },
    once: {
      type: 'string',
      'x-kubernetes-validations': [
        {
          rule: "oldSelf.hasValue() || self.startsWith('new')",
          optionalOldSelf: true,
          message: 'must begin with new',
        },
      ],
    },
  },
};

let cluster: Cluster;
let widgets: string;
beforeAll(async () => {
  cluster = await Cluster.start();
  widgets = await cluster.widgets(GROUP, SPEC);
});
afterAll(() => cluster.discard());

describe('an object', () => {
  test.each([
    {
      sentence: 'of a wrong type',
      spec: { name: 1 },
      field: 'spec.name',
      reason: 'FieldValueTypeInvalid',
    },
    {
      sentence: 'with a text that is too long',
      spec: { name: 'abcdef' },
      field: 'spec.name',
      reason: 'FieldValueTooLong',
    },
    {
      sentence: 'with a text outside the pattern',
      spec: { name: 'A' },
      field: 'spec.name',
      reason: 'FieldValueInvalid',
    },
    {
      sentence: 'below the minimum',
      spec: { min: 0 },
      field: 'spec.min',
      reason: 'FieldValueInvalid',
    },
    {
      sentence: 'outside the enum',
      spec: { color: 'green' },
      field: 'spec.color',
      reason: 'FieldValueNotSupported',
    },
    {
      sentence: 'with too many items',
      spec: { tags: ['a', 'b', 'c'] },
      field: 'spec.tags',
      reason: 'FieldValueTooMany',
    },
    {
      sentence: 'with a value twice in a set',
      spec: { tags: ['a', 'a'] },
      field: 'spec.tags[1]',
      reason: 'FieldValueDuplicate',
    },
    {
      sentence: 'with a key twice in a map list',
      spec: { items: [{ k: 'a' }, { k: 'a' }] },
      field: 'spec.items[1]',
      reason: 'FieldValueDuplicate',
    },
    {
      sentence: 'without a required field',
      spec: { items: [{ v: 1 }] },
      field: 'spec.items[0].k',
      reason: 'FieldValueRequired',
    },
    {
      sentence: 'with a wrong value in a map',
      spec: { sizes: { a: 'x' } },
      field: 'spec.sizes.a',
      reason: 'FieldValueTypeInvalid',
    },
    {
      sentence: 'with neither integer nor string',
      spec: { port: true },
      field: 'spec.port',
      reason: 'FieldValueTypeInvalid',
    },
    {
      sentence: 'with a time that is none',
      spec: { when: 'soon' },
      field: 'spec.when',
      reason: 'FieldValueTypeInvalid',
    },
    {
      sentence: 'that breaks a rule, at the path of the rule',
      spec: { min: 5, max: 4 },
      field: 'spec.min',
      reason: 'FieldValueForbidden',
    },
    {
      sentence: 'that breaks a rule which asks for a first value',
      spec: { once: 'old' },
      field: 'spec.once',
      reason: 'FieldValueInvalid',
    },
  ])('$sentence is refused at its field', async ({ spec, field, reason }) => {
    const { code, body } = await cluster.request('POST', widgets, aWidget(GROUP, 'refused', spec));
    expect(code).toBe(422);
    expect(body.details?.causes).toContainEqual(expect.objectContaining({ field, reason }));
  });

  test('that breaks a rule is told so by the message expression', async () => {
    const { body } = await cluster.request(
      'POST',
      widgets,
      aWidget(GROUP, 'refused', { name: 'bob' }),
    );
    expect(body.details?.causes?.[0]?.message).toContain('the name bob is taken');
  });

  test('gets defaults, loses unknown fields and keeps large integers', async () => {
    const sent = `{"apiVersion":"${GROUP}/v1","kind":"Widget","metadata":{"name":"big"},"spec":{"min":1,"sizes":{"a":9007199254740993},"x":1}}`;
    const { text } = await cluster.send('POST', widgets, sent);
    expect(text).toContain('"spec":{"min":1,"sizes":{"a":9007199254740993},"max":9}');
  });

  test('keeps a field that a transition rule fixes, and takes changes elsewhere', async () => {
    await cluster.request('POST', widgets, aWidget(GROUP, 'fixed', { fixed: 'a' }));
    const moved = await cluster.patch(`${widgets}/fixed`, { spec: { fixed: 'b' } });
    const other = await cluster.patch(`${widgets}/fixed`, { spec: { min: 2 } });
    expect([moved.code, moved.body.details?.causes?.[0]?.field, other.code]).toEqual([
      422,
      'spec.fixed',
      200,
    ]);
  });

  test('cannot stall the server by a text that a pattern of a rule is slow on', async () => {
    const group = 'hostile.example.com';
    const rule = { rule: "self.matches('^(a+)+$')" };
    const text = { type: 'string', 'x-kubernetes-validations': [rule] };
    const path = await cluster.widgets(group, { type: 'object', properties: { text } });
    const sent = aWidget(group, 'slow', { text: `${'a'.repeat(40)}!` });
    const { body } = await cluster.request('POST', path, sent);
    expect(body.details?.causes?.[0]?.message).toContain(`failed rule: ${rule.rule}`);
  });

  test('with unknown and duplicate fields is refused when asked to be strict', async () => {
    const sent = `{"apiVersion":"${GROUP}/v1","kind":"Widget","metadata":{"name":"s"},"spec":{"min":1,"min":2,"x":3}}`;
    const { code, body } = await cluster.request('POST', `${widgets}?fieldValidation=Strict`, sent);
    expect(code).toBe(400);
    expect(body.message).toMatch(/duplicate field "spec.min".*unknown field "spec.x"/);
  });

  test('cannot carry a key that reaches a prototype', async () => {
    const sent = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"p"},"data":{"__proto__":"x"}}`;
    expect(
      (await cluster.request('POST', '/api/v1/namespaces/default/configmaps', sent)).code,
    ).toBe(400);
  });
});

describe('a definition', () => {
  const typed = (spec: object) => ({ type: 'object', properties: { spec } });
  test.each([
    {
      sentence: 'without a type',
      schema: typed({ properties: {} }),
      field: /properties\[spec\]\.type$/,
    },
    {
      sentence: 'with a default that does not fit',
      schema: typed({ type: 'object', properties: { a: { type: 'integer', default: 'x' } } }),
      field: /properties\[a\]\.default$/,
    },
    {
      sentence: 'with a rule on an unknown field',
      schema: typed({
        type: 'object',
        properties: { a: { type: 'integer' } },
        'x-kubernetes-validations': [{ rule: 'self.b > 1' }],
      }),
      field: /x-kubernetes-validations\[0\]\.rule$/,
    },
    {
      sentence: 'with a pattern that is none',
      schema: typed({ type: 'string', pattern: '(' }),
      field: /\.pattern$/,
    },
    {
      sentence: 'with map keys that items may lack',
      schema: typed({
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: { type: 'string' } } },
      }),
      field: /properties\[k\]\.default$/,
    },
  ])('$sentence is refused at that place of its schema', async ({ schema, field }) => {
    const { code, body } = await cluster.request(
      'POST',
      DEFINITIONS,
      aDefinition(
        GROUP,
        { plural: 'gadgets', kind: 'Gadget' },
        { schema: { openAPIV3Schema: schema } },
        { scope: 'Cluster' },
      ),
    );
    expect(code).toBe(422);
    expect(body.details?.causes?.map((cause) => cause.field)).toContainEqual(
      expect.stringMatching(field),
    );
  });
});
