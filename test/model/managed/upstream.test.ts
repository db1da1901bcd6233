/** Our schemas of the provider's kinds are held against the real provider's CRDs, field by field. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { crdOf } from '../../../src/model/managed/crd.js';
import type { CustomResourceDefinition } from '../../../src/model/managed/custom-resource.js';
import { FORMS } from '../../../src/model/managed/kind.js';
import { KINDS, MANAGED_KINDS } from '../../../src/model/managed/kinds.js';
import { PROVIDER_CONFIG_CRDS } from '../../../src/model/managed/provider-config.js';

const UPSTREAM = join(import.meta.dirname, '../../../../shared/crds/provider-aws');
const upstreamTest = existsSync(UPSTREAM) ? test : test.skip;

interface AnySchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly items?: AnySchema;
  readonly additionalProperties?: AnySchema;
  readonly [keyword: string]: unknown;
}

/** Keywords that say what a value may be. Descriptions are our own. */
const KEYWORDS = [
  'type',
  'enum',
  'default',
  'format',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
];

function differences(ours: AnySchema, theirs: AnySchema | undefined, path: string): string[] {
  if (theirs === undefined) return [`${path}: the real provider has no such field`];
  const keywords = KEYWORDS.filter(
    (keyword) => JSON.stringify(ours[keyword]) !== JSON.stringify(theirs[keyword]),
  ).map(
    (keyword) =>
      `${path}: ${keyword} is ${JSON.stringify(ours[keyword])}, theirs ${JSON.stringify(theirs[keyword])}`,
  );
  const known = new Set(Object.keys(ours.properties ?? {}));
  const required = ((theirs.required ?? []) as string[]).filter((field) => known.has(field));
  const ourRequired = [...((ours.required ?? []) as string[])].sort();
  return [
    ...keywords,
    ...(JSON.stringify(required.sort()) === JSON.stringify(ourRequired)
      ? []
      : [`${path}: required is ${ourRequired.join()}, theirs ${required.join()}`]),
    ...Object.entries(ours.properties ?? {}).flatMap(([field, schema]) =>
      differences(schema, theirs.properties?.[field], `${path}.${field}`),
    ),
    ...(ours.items === undefined ? [] : differences(ours.items, theirs.items, `${path}[]`)),
    ...(ours.additionalProperties === undefined
      ? []
      : differences(ours.additionalProperties, theirs.additionalProperties, `${path}{}`)),
  ];
}

function upstream(name: string): CustomResourceDefinition {
  const [plural = '', ...group] = name.split('.');
  return parse(
    readFileSync(join(UPSTREAM, `${group.join('.')}_${plural}.yaml`), 'utf8'),
  ) as CustomResourceDefinition;
}

const OURS = [
  ...FORMS.flatMap((form) => Object.values(KINDS).map((kind) => crdOf(kind, form))),
  ...PROVIDER_CONFIG_CRDS,
];

describe('the schema of the real provider', () => {
  upstreamTest.each(OURS.map((crd) => [crd.metadata.name, crd] as const))(
    'has every field of our %s, with the same type',
    (name, ours) => {
      const theirs = upstream(name);
      for (const version of ours.spec.versions) {
        const counterpart = theirs.spec.versions.find(
          (candidate) => candidate.name === version.name,
        );
        expect(counterpart?.served).toBe(true);
        expect(
          differences(
            version.schema.openAPIV3Schema as unknown as AnySchema,
            counterpart?.schema.openAPIV3Schema as unknown as AnySchema,
            '',
          ),
        ).toEqual([]);
      }
    },
  );

  upstreamTest.each(OURS.map((crd) => [crd.metadata.name, crd] as const))(
    'serves %s under the same names',
    (name, ours) => {
      const { spec } = upstream(name);
      expect({ scope: spec.scope, names: spec.names }).toEqual({
        scope: ours.spec.scope,
        names: ours.spec.names,
      });
    },
  );

  upstreamTest.each(
    FORMS.flatMap((form) => Object.values(KINDS).map((kind) => crdOf(kind, form))).map(
      (crd) => [crd.metadata.name, crd] as const,
    ),
  )('asks of %s the same rules and shows the same columns', (name, ours) => {
    const [version] = ours.spec.versions;
    const theirs = upstream(name).spec.versions.find(
      (candidate) => candidate.name === version?.name,
    );
    const rulesOf = (schema: unknown) =>
      ((schema as AnySchema).properties?.spec?.['x-kubernetes-validations'] ?? []) as {
        rule: string;
        message: string;
      }[];
    const shape = ({ rule, message }: { rule: string; message: string }) => ({
      rule: rule.replaceAll(/\s/g, ''),
      message,
    });
    expect(rulesOf(version?.schema.openAPIV3Schema).map(shape)).toEqual(
      rulesOf(theirs?.schema.openAPIV3Schema).map(shape),
    );
    expect(version?.additionalPrinterColumns).toEqual(theirs?.additionalPrinterColumns);
  });
});

describe('a managed kind', () => {
  test('is served once in each form', () => {
    const names = MANAGED_KINDS.map(({ plural, group }) => `${plural}.${group}`);
    expect(new Set(names).size).toBe(Object.keys(KINDS).length * FORMS.length);
  });

  test('is a table of version v1beta2, cluster-scoped, and of v1beta1, namespaced', () => {
    const tables = MANAGED_KINDS.filter(({ kind }) => kind === 'Table').map(
      ({ apiVersion }) => apiVersion,
    );
    expect(tables).toEqual([
      'dynamodb.aws.upbound.io/v1beta2',
      'dynamodb.aws.m.upbound.io/v1beta1',
    ]);
  });

  test('lets a reference name another namespace only in the namespaced form', () => {
    const selectorOf = (form: 'cluster' | 'namespaced') =>
      JSON.stringify(crdOf(KINDS.BucketVersioning, form).spec.versions[0]?.schema);
    expect(selectorOf('cluster')).not.toContain('The namespace it is in');
    expect(selectorOf('namespaced')).toContain('The namespace it is in');
  });
});
