/** What a CustomResourceDefinition may say in its schema, and how it is kept: as kube-apiserver 1.34 was seen to do it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aDefinition, Cluster, DEFINITIONS } from '../served-cluster.js';

const ROOT = 'spec.validation.openAPIV3Schema';
const SPEC = `${ROOT}.properties[spec]`;
const text = { type: 'string' };
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.discard());

interface Kept {
  readonly versions: {
    readonly schema: { openAPIV3Schema: unknown };
    readonly subresources?: object;
  }[];
  readonly preserveUnknownFields?: boolean;
}

async function define(openAPIV3Schema: object, version: object = {}, spec: object = {}) {
  const names = { plural: 'things', kind: 'Thing' };
  const whole = { schema: { openAPIV3Schema }, ...version };
  const { code, body } = await cluster.request(
    'POST',
    `${DEFINITIONS}?dryRun=All`,
    aDefinition('kept.example.com', names, whole, spec),
  );
  return { code, kept: body.spec as Kept, causes: body.details?.causes ?? [] };
}

describe('a schema is kept without', () => {
  test.each([
    ['a default of null', { default: null }],
    ['an empty enum', { enum: [] }],
    ['an empty list of rules', { 'x-kubernetes-validations': [] }],
    ['a nullable that is false', { nullable: false }],
    ['an empty description', { description: '' }],
  ])('%s', async (_what, words) => {
    const { kept } = await define(object({ spec: { ...text, ...words } }));
    expect(kept.versions[0]?.schema.openAPIV3Schema).toEqual(object({ spec: text }));
  });

  test('properties that are none', async () => {
    const { kept } = await define(object({ spec: object({}) }));
    expect(kept.versions[0]?.schema.openAPIV3Schema).toEqual(object({ spec: { type: 'object' } }));
  });
});

test('a definition is kept without a preserveUnknownFields that is false, and with subresources that are none', async () => {
  const { kept } = await define(object({}), { subresources: {} }, { preserveUnknownFields: false });
  expect([kept.preserveUnknownFields, kept.versions[0]?.subresources]).toEqual([undefined, {}]);
});

describe('a logical part that speaks of what is not declared', () => {
  const logic = { anyOf: [{ properties: { b: { minLength: 1 } } }] };

  test('is refused at the root', async () => {
    const { causes } = await define(object({ a: text }, logic));
    expect(causes[0]?.field).toBe(`${ROOT}.properties[b]`);
  });

  test('is taken below it', async () => {
    expect((await define(object({ spec: object({ a: text }, logic) }))).code).toBe(201);
  });
});

describe('a schema is refused', () => {
  test.each([
    [
      'that keeps unknown fields in logic',
      { not: { 'x-kubernetes-preserve-unknown-fields': true } },
      `${SPEC}.not.x-kubernetes-preserve-unknown-fields`,
    ],
    [
      'that has rules in logic',
      { anyOf: [{ 'x-kubernetes-validations': [{ rule: 'true' }] }] },
      `${SPEC}.anyOf[0].x-kubernetes-validations`,
    ],
    ['that names its dialect', { $schema: 'http://x' }, ROOT],
  ])('%s', async (_what, words, field) => {
    const { code, causes } = await define(object({ spec: object({ a: text }, words) }));
    expect([code, causes[0]?.field]).toEqual([422, field]);
  });

  test('that has additional properties at its root', async () => {
    const { causes } = await define({ type: 'object', additionalProperties: text });
    expect(causes[0]).toMatchObject({
      field: `${ROOT}.additionalProperties`,
      message: 'Forbidden: must not be used at the root',
    });
  });
});

describe('a definition is refused', () => {
  test.each([
    [
      'with a conversion that says nothing',
      {},
      { conversion: {} },
      'spec.conversion.strategy',
      'Required value',
    ],
    [
      'with an empty warning',
      { deprecated: true, deprecationWarning: '' },
      {},
      'spec.versions[0].deprecationWarning',
      'Invalid value: "": must not be an empty string',
    ],
    [
      'without a version to store in',
      { storage: false },
      {},
      'spec.versions',
      'Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
    ],
    [
      'with a selector of replicas outside of spec and status',
      {
        subresources: {
          scale: {
            specReplicasPath: '.spec.a[0]',
            statusReplicasPath: '.status.a',
            labelSelectorPath: '.a',
          },
        },
      },
      {},
      'spec.subresources.scale.labelSelectorPath',
      'Invalid value: ".a": should be a json path under either .spec or .status',
    ],
  ])('%s', async (_what, version, spec, field, message) => {
    const { causes } = await define(object({}), version, spec);
    expect(causes[0]).toMatchObject({ field, message });
  });
});
