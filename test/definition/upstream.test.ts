/** The generated Compositions are held against the real provider's CRDs: what is written and what is patched exists there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { FORMS } from '../../src/model/managed/kind.js';
import { schemaAt } from '../../src/model/paths.js';
import type { ObjectSchema, Schema } from '../../src/model/schema.js';
import { compose, templatesOf } from '../builders/composed.js';

const UPSTREAM = join(import.meta.dirname, '../../../shared/crds/provider-aws');
const upstreamTest = existsSync(UPSTREAM) ? test : test.skip;

interface Crd {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: ObjectSchema };
    }[];
  };
}

function upstreamSchema(apiVersion: string, kind: string): ObjectSchema {
  const [group, version] = apiVersion.split('/');
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  const crd = parse(
    readFileSync(join(UPSTREAM, `${group ?? ''}_${plural.toLowerCase()}.yaml`), 'utf8'),
  ) as Crd;
  const found = crd.spec.versions.find(({ name }) => name === version);
  if (found === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
  return found.schema.openAPIV3Schema;
}

/** Values that the schema does not admit: unknown fields, wrong types, words that are not in an enum. */
function refused(value: unknown, schema: Schema | undefined, path: string): string[] {
  if (schema === undefined) return [`${path}: unknown`];
  if (Array.isArray(value)) {
    return 'items' in schema
      ? value.flatMap((item, index) => refused(item, schema.items, `${path}[${index}]`))
      : [`${path}: a list`];
  }
  if (typeof value === 'object' && value !== null) {
    if (!('properties' in schema) && !('additionalProperties' in schema))
      return [`${path}: an object`];
    return Object.entries(value).flatMap(([key, inner]) =>
      refused(
        inner,
        'properties' in schema ? schema.properties[key] : schema.additionalProperties,
        `${path}.${key}`,
      ),
    );
  }
  const type = schema.type === 'integer' ? 'number' : schema.type;
  if (typeof value !== type) return [`${path}: ${JSON.stringify(value)} is no ${schema.type}`];
  const isOutside = schema.type === 'string' && schema.enum?.includes(value as string) === false;
  return isOutside ? [`${path}: ${JSON.stringify(value)} is not in its enum`] : [];
}

const TEMPLATES = FORMS.flatMap((form) =>
  templatesOf(form).map((template) => [form, template.name, template] as const),
);

describe('every template is one the real provider takes', () => {
  upstreamTest.each(TEMPLATES)('%s %s', async (form, name) => {
    const spec = {
      consistency: 'strong',
      regions: { witness: 'us-east-2' },
      tags: { team: 'payments' },
    };
    const resource = (await compose({ form, spec })).get(name);
    const schema = upstreamSchema(resource?.apiVersion as string, resource?.kind as string);
    expect(refused(resource?.spec, schema.properties.spec, 'spec')).toEqual([]);
  });
});

describe('every patch names fields that the real provider has', () => {
  upstreamTest.each(TEMPLATES)('%s %s', (_form, _name, { base, patches }) => {
    const schema = upstreamSchema(base.apiVersion as string, base.kind as string);
    const paths = patches.map((patch) =>
      patch.type === 'ToCompositeFieldPath' ? patch.fromFieldPath : patch.toFieldPath,
    );
    const missing = paths.filter(
      (path) => !path.startsWith('metadata.') && schemaAt(schema, path) === undefined,
    );
    expect(missing).toEqual([]);
  });
});
