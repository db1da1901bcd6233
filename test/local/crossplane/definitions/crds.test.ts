import { describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../../../src/support/kubernetes/objects.js';
import { claimCrd, compositeCrd } from '../../../../src/local/crossplane/definitions/crds.js';
import { aDefinition, aModernDefinition, aSchema, GROUP } from '../a-definition.js';

interface Crd {
  readonly scope: string;
  readonly names: Record<string, unknown>;
  readonly versions: readonly CrdVersion[];
}

interface CrdVersion {
  readonly name: string;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly subresources: unknown;
  readonly additionalPrinterColumns: readonly { name: string; jsonPath: string }[];
  readonly schema: { openAPIV3Schema: Node };
}

interface Node {
  readonly properties: Record<string, Node>;
  readonly required?: readonly string[];
  readonly [key: string]: unknown;
}

const specOf = (crd: KubernetesObject | undefined) => crd?.spec as Crd;
const schemaOf = (crd: KubernetesObject | undefined): Record<string, Node> =>
  specOf(crd).versions[0]?.schema.openAPIV3Schema.properties ?? {};
const fieldsOf = (crd: KubernetesObject | undefined, part: 'spec' | 'status') =>
  Object.keys(schemaOf(crd)[part]?.properties ?? {}).toSorted();
const columnsOf = (crd: KubernetesObject | undefined) =>
  specOf(crd).versions[0]?.additionalPrinterColumns.map(({ name }) => name);

const SELECTION = [
  'compositionRef',
  'compositionRevisionRef',
  'compositionRevisionSelector',
  'compositionSelector',
  'compositionUpdatePolicy',
];

describe('the CRDs of a definition', () => {
  test.each([
    {
      sentence: 'give a legacy composite the reference to its claim and to its secret',
      crd: compositeCrd(aDefinition()),
      spec: ['claimRef', ...SELECTION, 'resourceRefs', 'size', 'writeConnectionSecretToRef'],
      status: ['arn', 'claimConditionTypes', 'conditions', 'connectionDetails'],
    },
    {
      sentence: 'give a claim the reference to its composite',
      crd: claimCrd(aDefinition()),
      spec: [
        'compositeDeletePolicy',
        ...SELECTION,
        'resourceRef',
        'size',
        'writeConnectionSecretToRef',
      ],
      status: ['arn', 'claimConditionTypes', 'conditions', 'connectionDetails'],
    },
    {
      sentence: 'keep everything of Crossplane in one field since v2',
      crd: compositeCrd(aModernDefinition('Namespaced')),
      spec: ['crossplane', 'size'],
      status: ['arn', 'conditions'],
    },
  ])('$sentence', ({ crd, spec, status }) => {
    expect(fieldsOf(crd, 'spec')).toEqual(spec);
    expect(fieldsOf(crd, 'status')).toEqual(status);
  });

  test('bear the name of the definition, whatever the API server says to it, and of the claims', () => {
    const definition = aDefinition();
    const named = { ...definition, metadata: { ...definition.metadata, name: 'mine' } };
    expect(compositeCrd(named).metadata.name).toBe('mine');
    expect(claimCrd(named)?.metadata.name).toBe(`things.${GROUP}`);
  });

  test('are cluster scoped for a legacy composite, namespaced for its claim', () => {
    expect(specOf(compositeCrd(aDefinition())).scope).toBe('Cluster');
    expect(specOf(claimCrd(aDefinition())).scope).toBe('Namespaced');
  });

  test('name what the author left unnamed, and add the category', () => {
    expect(specOf(compositeCrd(aDefinition())).names).toEqual({
      kind: 'XThing',
      listKind: 'XThingList',
      plural: 'xthings',
      singular: 'xthing',
      categories: ['composite'],
    });
  });

  test('refer to a namespace in the references of cluster scoped composites only', () => {
    const refs = (scope: 'Namespaced' | 'Cluster') =>
      schemaOf(compositeCrd(aModernDefinition(scope))).spec?.properties.crossplane?.properties
        .resourceRefs?.items;
    expect(refs('Cluster')).toHaveProperty('properties.namespace');
    expect(refs('Namespaced')).not.toHaveProperty('properties.namespace');
  });

  test('show the author’s columns before Crossplane’s', () => {
    const column = { name: 'SIZE', type: 'integer', jsonPath: '.spec.size' };
    const versions = aDefinition().spec.versions.map((version) => ({
      ...version,
      additionalPrinterColumns: [column],
    }));
    const definition = aDefinition({ versions });
    expect(columnsOf(compositeCrd(definition))).toEqual([
      'SIZE',
      'SYNCED',
      'READY',
      'COMPOSITION',
      'COMPOSITIONREVISION',
      'AGE',
    ]);
    expect(columnsOf(claimCrd(definition))).toEqual([
      'SIZE',
      'SYNCED',
      'READY',
      'CONNECTION-SECRET',
      'AGE',
    ]);
  });

  test('take the defaults of the policies from the definition', () => {
    const definition = aDefinition({
      defaultCompositeDeletePolicy: 'Foreground',
      defaultCompositionUpdatePolicy: 'Manual',
    });
    const claim = schemaOf(claimCrd(definition)).spec?.properties;
    expect(claim?.compositeDeletePolicy).toHaveProperty('default', 'Foreground');
    expect(claim?.compositionUpdatePolicy).not.toHaveProperty('default');
    expect(
      schemaOf(compositeCrd(definition)).spec?.properties.compositionUpdatePolicy,
    ).toHaveProperty('default', 'Manual');
  });

  test('keep the author’s required fields and rules', () => {
    const rule = { rule: 'self.size > 0', message: 'at least one' };
    const schema = aSchema({
      properties: { size: { type: 'integer' } },
      required: ['size'],
      'x-kubernetes-validations': [rule],
    });
    const versions = [
      { name: 'v1', served: true, referenceable: true, schema: { openAPIV3Schema: schema } },
    ];
    expect(schemaOf(claimCrd(aDefinition({ versions }))).spec).toMatchObject({
      required: ['size'],
      'x-kubernetes-validations': [rule],
    });
  });

  test('limit names to what fits a label', () => {
    expect(schemaOf(claimCrd(aDefinition())).metadata?.properties.name).toEqual({
      type: 'string',
      maxLength: 63,
    });
  });

  test('belong to the definition', () => {
    expect(compositeCrd(aDefinition()).metadata).toMatchObject({
      name: `xthings.${GROUP}`,
      ownerReferences: [{ uid: aDefinition().metadata.uid, controller: true }],
    });
  });

  test('have none for claims where the definition offers none', () => {
    expect(claimCrd(aModernDefinition('Cluster'))).toBeUndefined();
  });

  test('carry the rules of the whole, and the labels of the definition', () => {
    const rules = [{ rule: "self.metadata.name != 'bad'", message: 'no' }];
    const schema = { ...aSchema(), 'x-kubernetes-validations': rules };
    const definition = aDefinition({
      versions: [
        { name: 'v1', served: true, referenceable: true, schema: { openAPIV3Schema: schema } },
      ],
      metadata: { labels: { more: 'y' } },
      conversion: { strategy: 'None' },
    });
    definition.metadata.labels = { team: 'x' };
    const { metadata, spec } = compositeCrd(definition);
    expect(metadata.labels).toEqual({ team: 'x', more: 'y' });
    expect(spec).toMatchObject({
      conversion: { strategy: 'None' },
      versions: [{ schema: { openAPIV3Schema: { 'x-kubernetes-validations': rules } } }],
    });
  });

  test.each<{ sentence: string; render: () => unknown; message: string }>([
    {
      sentence: 'whose claims have the kind of the composites',
      render: () => claimCrd(aDefinition({ claimNames: { kind: 'XThing', plural: 'things' } })),
      message: 'invalid resource claim names: "XThing" conflicts with composite resource name',
    },
    {
      sentence: 'with a version that has no schema',
      render: () =>
        compositeCrd(
          aDefinition({ versions: [{ name: 'v1', served: true, referenceable: true }] }),
        ),
      message: 'custom resource validation cannot be nil',
    },
  ])('cannot be made of one $sentence', ({ render, message }) => {
    expect(render).toThrow(message);
  });
});
