/** The kinds as the API server takes them (src/model/managed) and as the provider acts on them: nothing is taken that is not done. */
import { describe, expect, test } from '@jest/globals';
import { EXTERNALS } from '../../../src/local/provider-aws/externals.js';
import { KINDS, type KindName } from '../../../src/model/managed/kinds.js';
import type { Schema } from '../../../src/model/schema.js';

/** Paths of the values in a schema; lists are passed through, maps end a path. */
function pathsOf(schema: Schema, path: string): string[] {
  if ('items' in schema) return pathsOf(schema.items, path);
  if (!('properties' in schema) || /(Ref|Selector)$/.test(path)) return [path];
  return Object.entries(schema.properties).flatMap(([field, inner]) =>
    pathsOf(inner, path === '' ? field : `${path}.${field}`),
  );
}

describe('each field of the schema of', () => {
  test.each(Object.keys(KINDS) as KindName[])(
    'a %s is one that the provider acts on',
    async (name) => {
      const { fields, references = [] } = await EXTERNALS[name]();
      const means = references.flatMap(({ field }) => [`${field}Ref`, `${field}Selector`]);
      const known = new Set(['region', ...fields, ...means]);
      const paths = pathsOf(KINDS[name].forProvider, '');
      expect(paths.filter((path) => !known.has(path))).toEqual([]);
    },
  );
});

describe('the external name of', () => {
  test.each(Object.keys(KINDS) as KindName[])(
    'a %s comes from where the definition expects it',
    async (name) => {
      const { naming } = await EXTERNALS[name]();
      // A policy inside a role bears the name of its object unless told otherwise: `role:name` is what it is known as.
      const expected = name === 'RolePolicy' ? 'given' : KINDS[name].externalName;
      expect(naming).toBe(expected);
    },
  );
});
