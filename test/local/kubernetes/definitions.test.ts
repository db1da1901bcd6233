/** Refusals of CustomResourceDefinitions, as a real kube-apiserver 1.34 was seen to word them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aDefinition, Cluster, DEFINITIONS } from './served-cluster.js';

const SPEC = 'spec.validation.openAPIV3Schema.properties[spec]';
const RULE = `${SPEC}.x-kubernetes-validations[0]`;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.discard());

async function causesOf(spec: object, version: object = {}) {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  const names = { plural: 'things', kind: 'Thing' };
  const { code, body } = await cluster.request(
    'POST',
    `${DEFINITIONS}?dryRun=All`,
    aDefinition('definitions.example.com', names, { schema, ...version }),
  );
  return { code, causes: body.details?.causes ?? [] };
}

const property = (a: object) => ({ type: 'object', properties: { a } });
const text = { type: 'string', maxLength: 10 };

describe('a schema is refused', () => {
  test.each([
    ['with a list type on no list', { type: 'string', 'x-kubernetes-list-type': 'set' }, '.type'],
    ['with a reference', { $ref: '#/definitions/x' }, '.$ref'],
    [
      'with keys that items need not have',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: property(text),
      },
      '.x-kubernetes-list-map-keys',
    ],
    [
      'with types inside of logic',
      { type: 'string', anyOf: [{ type: 'string' }] },
      '.anyOf[0].type',
    ],
    ['with an expression that RE2 has not', { type: 'string', pattern: '(?=a)' }, '.pattern'],
    ['with a default of another type', { type: 'string', default: 5 }, '.default'],
  ])('%s', async (_sentence, a, at) => {
    const { code, causes } = await causesOf(property(a));
    expect([code, causes[0]?.field]).toEqual([422, `${SPEC}.properties[a]${at}`]);
  });
});

describe('a definition is refused', () => {
  const withSpec = async (more: object) => {
    const schema = { openAPIV3Schema: { type: 'object' } };
    const { body } = await cluster.request('POST', `${DEFINITIONS}?dryRun=All`, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.definitions.example.com' },
      spec: {
        group: 'definitions.example.com',
        scope: 'Namespaced',
        names: { plural: 'things', kind: 'Thing' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
        ...more,
      },
    });
    return (body.details?.causes ?? []).map(({ field }) => field);
  };

  test.each([
    {
      conversion: { strategy: 'Webhook' },
      fields: ['spec.conversion.webhookClientConfig', 'spec.conversion.conversionReviewVersions'],
    },
    { conversion: { strategy: 'None' }, fields: [] },
  ])('for its conversion $conversion', async ({ conversion, fields }) => {
    expect(await withSpec({ conversion })).toEqual(fields);
  });

  test('for an empty rule, which is as good as none', async () => {
    const { causes } = await causesOf({
      type: 'object',
      'x-kubernetes-validations': [{ rule: ' ' }],
    });
    expect(causes).toEqual([
      expect.objectContaining({ field: `${RULE}.rule`, reason: 'FieldValueRequired' }),
    ]);
  });

  test('not for properties beside additionalProperties that are let through', async () => {
    const spec = { type: 'object', additionalProperties: true, properties: { a: text } };
    expect((await causesOf(spec)).code).toBe(201);
  });
});

describe('a rule is refused', () => {
  const unbounded = {
    ...property({ type: 'array', items: { type: 'string' } }),
    'x-kubernetes-validations': [{ rule: 'self.a.all(x, x.contains("a"))' }],
  };
  const withRule = (rule: object) => ({ ...property(text), 'x-kubernetes-validations': [rule] });

  test.each([
    ['that names an unknown field', { rule: 'self.b == 1' }, '.rule', "undefined field 'b'"],
    ['that is no condition', { rule: 'self.a' }, '.rule', 'must evaluate to a bool'],
    ['with a pattern that is none', { rule: 'self.a.matches("[")' }, '.rule', 'invalid matches'],
    ['with an unknown reason', { rule: 'true', reason: 'Because' }, '.reason', 'Unsupported'],
    ['with a path to nothing', { rule: 'true', fieldPath: '.b' }, '.fieldPath', 'valid path'],
    [
      'whose optionalOldSelf nobody uses',
      { rule: 'true', optionalOldSelf: true },
      '.optionalOldSelf',
      'may not be set',
    ],
  ])('%s', async (_sentence, rule, at, words) => {
    const { code, causes } = await causesOf(withRule(rule));
    expect([code, causes[0]?.field]).toEqual([422, RULE + at]);
    expect(causes[0]?.message).toContain(words);
  });

  test('that could run for too long, alone and in sum', async () => {
    const { code, causes } = await causesOf(unbounded);
    const exceeds = 'exceeds budget by factor of more than 100x';
    expect(code).toBe(422);
    expect(causes.map(({ field }) => field)).toEqual([
      `${RULE}.rule`,
      `${RULE}.rule`,
      'spec.validation.openAPIV3Schema',
    ]);
    expect(causes[0]?.message).toContain(`estimated rule cost ${exceeds}`);
    expect(causes[2]?.message).toContain(exceeds);
  });

  test('by how much it is beyond the budget', async () => {
    const nested = 'self.a.all(x, self.a.all(y, self.a.all(z, x+y+z >= 0)))';
    const spec = property({ type: 'array', maxItems: 150, items: { type: 'integer' } });
    const { causes } = await causesOf({ ...spec, 'x-kubernetes-validations': [{ rule: nested }] });
    expect(causes[0]?.message).toContain('exceeds budget by factor of 3.1x');
  });

  test('not when its lists and texts are bounded', async () => {
    const a = { type: 'array', maxItems: 10, items: text };
    const bounded = { ...unbounded, properties: { a } };
    expect(await causesOf(bounded)).toEqual({ code: 201, causes: [] });
  });

  test('not for the keys of a map, which no schema can bound', async () => {
    const rule = "self.all(key, key.matches('^[A-Za-z0-9 _.:/=+@-]{1,126}$'))";
    const map = { type: 'object', additionalProperties: text };
    const spec = property({ ...map, 'x-kubernetes-validations': [{ rule }] });
    expect(await causesOf(spec)).toEqual({ code: 201, causes: [] });
  });

  test('when a default breaks it', async () => {
    const a = {
      type: 'string',
      default: 'x',
      'x-kubernetes-validations': [{ rule: 'self != "x"' }],
    };
    const { causes } = await causesOf(property(a));
    expect(causes[0]?.field).toBe(`${SPEC}.properties[a].default`);
  });
});

test.each([
  ['printer columns', { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'x' }] }],
  ['selectable fields', { selectableFields: [{ jsonPath: '.spec.b' }] }],
  ['scale', { subresources: { scale: { specReplicasPath: '.status.r' } } }],
  ['a warning of a version that is not deprecated', { deprecationWarning: 'old' }],
])('a version is refused for wrong %s', async (_what, version) => {
  const { code } = await causesOf(property(text), version);
  expect(code).toBe(422);
});

describe('a definition of several versions', () => {
  const group = 'versions.example.com';
  const path = `${DEFINITIONS}/things.${group}`;
  const version = (name: string, more: object = {}) => ({
    name,
    served: true,
    storage: false,
    schema: { openAPIV3Schema: { type: 'object' } },
    ...more,
  });

  beforeAll(async () => {
    const versions = [
      version('v1', { storage: true }),
      version('v1beta1', { deprecated: true }),
      version('v1alpha1', { deprecated: true, deprecationWarning: 'gone soon' }),
      version('v2', { served: false }),
      version('v3', { deprecated: true }),
    ];
    const names = { plural: 'things', kind: 'Thing' };
    await cluster.request('POST', DEFINITIONS, {
      metadata: { name: `things.${group}` },
      spec: { group, scope: 'Namespaced', names, versions },
    });
  });

  test.each([
    ['v1', undefined],
    ['v1beta1', `299 - "${group}/v1beta1 Thing is deprecated; use ${group}/v1 Thing"`],
    ['v1alpha1', '299 - "gone soon"'],
    ['v3', `299 - "${group}/v3 Thing is deprecated"`],
  ])('warns at %s of what is deprecated, and names what is better', async (name, warning) => {
    const { headers } = await cluster.send('GET', `/apis/${group}/${name}/things`);
    expect(headers.warning).toBe(warning);
  });

  test.each([
    ['names.plural', { names: { plural: 'others' } }],
    ['group', { group: 'others.example.com' }],
  ])('keeps its %s, and that alone is told', async (field, spec) => {
    const { body } = await cluster.patch(path, { spec });
    expect(body.details?.causes?.map((cause) => cause.field)).toEqual([`spec.${field}`]);
  });
});
