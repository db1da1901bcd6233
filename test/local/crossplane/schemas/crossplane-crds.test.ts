/** Our schemas of Crossplane's own kinds are part of the real ones: each of our fields exists there, with the same type. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { CROSSPLANE_CRDS } from '../../../../src/local/crossplane/schemas/install.js';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly [keyword: string]: unknown;
}

interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly names: unknown;
    readonly versions: readonly {
      readonly name: string;
      readonly storage: boolean;
      readonly additionalPrinterColumns: unknown;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

const folder = resolve(process.env.CROSSPLANE_CRDS ?? '../shared/crds/crossplane');
const describeWithCrds = existsSync(folder) ? describe : describe.skip;
const KEPT_AS_WRITTEN = 'x-kubernetes-preserve-unknown-fields';

function fieldsOf(schema: Schema, path = ''): [string, string][] {
  const children = [
    ...Object.entries(schema.properties ?? {}).map(([name, child]) => [`.${name}`, child] as const),
    ...(schema.items === undefined ? [] : ([['[]', schema.items]] as const)),
    ...(schema.additionalProperties === undefined
      ? []
      : ([['.*', schema.additionalProperties]] as const)),
  ];
  return [
    [path, schema.type ?? ''],
    ...children.flatMap(([step, child]) => fieldsOf(child, path + step)),
  ];
}

function realCrd(name: string): Crd {
  const [plural = '', ...group] = name.split('.');
  return parse(readFileSync(join(folder, `${group.join('.')}_${plural}.yaml`), 'utf8')) as Crd;
}

describeWithCrds(`the CRDs of ${folder}`, () => {
  test.each(CROSSPLANE_CRDS.map((crd) => crd as unknown as Crd))(
    '$metadata.name: every field of ours exists there with the same type',
    (ours) => {
      const real = realCrd(ours.metadata.name);
      expect(ours.spec.names).toEqual(expect.objectContaining(real.spec.names as object));
      for (const version of ours.spec.versions) {
        const there = real.spec.versions.find(({ name }) => name === version.name);
        expect(there?.storage).toBe(version.storage);
        const known = new Map(fieldsOf(there?.schema.openAPIV3Schema ?? {}));
        const unknown = fieldsOf(version.schema.openAPIV3Schema).filter(
          ([path, type]) => known.get(path) !== type,
        );
        expect(unknown).toEqual([]);
      }
    },
  );

  test('are kept as written only where the real ones are, or where nothing is made of them', () => {
    const open = CROSSPLANE_CRDS.filter((crd) => JSON.stringify(crd).includes(KEPT_AS_WRITTEN)).map(
      ({ metadata }) => metadata.name,
    );
    expect(open).toEqual([
      'compositeresourcedefinitions.apiextensions.crossplane.io',
      'compositions.apiextensions.crossplane.io',
      'compositionrevisions.apiextensions.crossplane.io',
      'environmentconfigs.apiextensions.crossplane.io',
      'deploymentruntimeconfigs.pkg.crossplane.io',
    ]);
  });
});
