/** What a claim may say, and what the refusal of anything else tells its author. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { SPEC, type ClaimSpec } from '../../../src/model/claim/spec.js';
import { isMap, isObject } from '../../../src/model/paths.js';
import type { Schema } from '../../../src/model/schema.js';
import { judge } from '../../builders/admission.js';
import { ACCEPTED, CHANGES_REFUSED, REFUSED } from '../../builders/claim-cases.js';
import { aClaim } from '../../builders/claim.js';
import { withDefaults } from '../../builders/defaults.js';

const specOf = (spec: Readonly<Record<string, unknown>>) => withDefaults(aClaim(spec).spec, SPEC);

const EXAMPLES = join(import.meta.dirname, '../../../examples');

describe('a claim is refused', () => {
  test.each(REFUSED)('$sentence', ({ spec, field, says = '' }) => {
    const causes = judge(specOf(spec), SPEC, 'spec').filter((cause) => cause.field === field);
    expect(causes.map(({ message }) => message).join()).toContain(says);
    expect(causes).not.toEqual([]);
  });
});

describe('a claim is accepted', () => {
  test.each(ACCEPTED)('$sentence', ({ spec }) => {
    expect(judge(specOf(spec), SPEC, 'spec')).toEqual([]);
  });

  test.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml')))(
    'as in examples/%s',
    (name) => {
      const documents = parseAllDocuments(readFileSync(join(EXAMPLES, name), 'utf8'), {
        version: '1.1',
      });
      const objects = documents.map(
        (document) => document.toJS() as { kind: string; spec: ClaimSpec },
      );
      const claims = objects.filter(({ kind }) => kind === 'PaymentsDR');
      expect(claims).not.toEqual([]);
      expect(claims.flatMap(({ spec }) => judge(withDefaults(spec, SPEC), SPEC, 'spec'))).toEqual(
        [],
      );
    },
  );
});

describe('a claim once made cannot change', () => {
  test.each(CHANGES_REFUSED)('$sentence', ({ from = {}, spec, field, says = '' }) => {
    const causes = judge(specOf(spec), SPEC, 'spec', specOf(from)).filter(
      (cause) => cause.field === field,
    );
    expect(causes.map(({ message }) => message).join()).toContain(says);
    expect(causes).not.toEqual([]);
  });

  test.each([
    [
      'its image',
      {
        handler: {
          image: { registryId: '123456789012', repository: 'payment-processor', tag: '2' },
        },
      },
    ],
    ['whom it tells', { notifications: { email: 'other@example.org' } }],
    ['what happens to its data', { dataRetention: 'Delete' }],
    ['its tags', { tags: { a: 'b' } }],
  ])('but it can change %s', (_, spec) => {
    expect(judge(specOf(spec), SPEC, 'spec', specOf({}))).toEqual([]);
  });
});

describe('the schema', () => {
  const fields = [...everyField(SPEC, 'spec')];

  test.each(fields)('explains %s', (_, schema) => {
    expect(schema.description ?? '').toMatch(/[.]$/);
  });

  test.each(fields)('bounds %s, so that rules about it have a bounded cost', (_, schema) => {
    const bound =
      schema.type === 'string'
        ? (schema.maxLength ?? schema.enum)
        : isMap(schema)
          ? schema.maxProperties
          : 'bounded by its properties';
    expect(bound).toBeDefined();
  });

  test('has defaults that are whole, for rules run on them as they are written', () => {
    const partial = fields.filter(([, schema]) => {
      if (schema.type !== 'object' || schema.default === undefined || isMap(schema)) return false;
      return (
        JSON.stringify(withDefaults(schema.default, schema)) !== JSON.stringify(schema.default)
      );
    });
    expect(partial.map(([path]) => path)).toEqual([]);
  });
});

function* everyField(schema: Schema, path: string): Generator<[string, Schema]> {
  yield [path, schema];
  if (isMap(schema)) yield* everyField(schema.additionalProperties, `${path}.*`);
  if (!isObject(schema)) return;
  for (const [field, inner] of Object.entries(schema.properties))
    yield* everyField(inner, `${path}.${field}`);
}
