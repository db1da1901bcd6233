/** The reference of the claim says all that the schema says. */
import { describe, expect, test } from '@jest/globals';
import { claimReference } from '../../../src/definition/documents/claim-reference.js';
import { fieldsBelow } from '../../../src/definition/documents/fields.js';
import { SPEC } from '../../../src/model/claim/spec.js';
import { STATUS } from '../../../src/model/claim/status.js';
import { isObject } from '../../../src/model/paths.js';
import { flag, integer, list, map, object, text } from '../../../src/model/schema.js';
import { boundsOf } from '../../../src/definition/documents/fields.js';

const content = claimReference().render();
const rowOf = (field: string) =>
  content.split('\n').find((line) => line.startsWith(`| \`${field}\``));

describe('the reference', () => {
  test('has a row for every field that holds a value, in spec and status', () => {
    const fields = [...fieldsBelow('spec', SPEC), ...fieldsBelow('status', STATUS)]
      .filter(({ schema }) => !isObject(schema))
      .map(({ path }) => path.replace(/^(spec|status)\./, ''));
    expect(fields.length).toBeGreaterThan(80);
    expect(fields.filter((field) => rowOf(field) === undefined)).toEqual([]);
  });

  test.each([
    ['a default', 'handler.memorySizeMiB', '| integer | `512` | 128 to 10240 |  |'],
    [
      'what has none and is required',
      'handler.image.repository',
      '| **required** | 2 to 256 characters |',
    ],
    ['what cannot be changed', 'regions.witness', '| fixed |'],
    ['what cannot be changed since all of it cannot', 'encryption.kmsKeyArns.primary', '| fixed |'],
    ['the few values of an enumeration', 'dataRetention', '| `Retain`, `Delete` |'],
  ])('tells %s', (_, field, cells) => {
    expect(rowOf(field)).toContain(cells);
  });

  test.each([
    ['of one field', 'give either tag or digest, and not both'],
    ['of a change', '(on a change): environmentSuffix cannot be changed'],
    ['of several fields', '`spec.consistency`: consistency strong needs regions.witness'],
  ])('tells the words of a refusal %s', (_, words) => {
    expect(content).toContain(words);
  });
});

describe('the bounds', () => {
  test.each([
    [text('', { minLength: 2 }), 'at least 2 characters'],
    [text('', { maxLength: 9 }), 'at most 9 characters'],
    [integer('', { minimum: 1, maximum: 3 }), '1 to 3'],
    [list('', text(''), { maxItems: 4 }), 'at most 4 items'],
    [map('', text(''), { maxProperties: 5 }), 'at most 5 entries'],
    [text('', { enum: 'abcdefgh'.split('') }), 'one of the list below'],
    [flag(''), ''],
    [object('', {}), ''],
  ])('of %j are %j', (schema, words) => {
    expect(boundsOf(schema)).toBe(words);
  });
});
