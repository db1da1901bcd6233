import { describe, expect, test } from '@jest/globals';
import { fieldChanges } from '../../../src/claims/change/field-changes.js';

describe('two values differ', () => {
  test.each([
    {
      sentence: 'in nothing, whatever the order of their keys',
      before: { a: 1, b: 2 },
      after: { b: 2, a: 1 },
      changes: [],
    },
    {
      sentence: 'in a field',
      before: { a: { b: 1 } },
      after: { a: { b: 2 } },
      changes: [{ field: 'a.b', before: 1, after: 2 }],
    },
    {
      sentence: 'in a field that is new',
      before: {},
      after: { a: 1 },
      changes: [{ field: 'a', after: 1 }],
    },
    {
      sentence: 'in a field that is gone',
      before: { a: null },
      after: {},
      changes: [{ field: 'a', before: null }],
    },
    {
      sentence: 'in an item of a list',
      before: { a: [1, { b: 2 }] },
      after: { a: [1, { b: 3 }] },
      changes: [{ field: 'a[1].b', before: 2, after: 3 }],
    },
    {
      sentence: 'in a list of another length, as a whole',
      before: { a: [1] },
      after: { a: [1, 2] },
      changes: [{ field: 'a', before: [1], after: [1, 2] }],
    },
    {
      sentence: 'under a key with dots',
      before: { a: { 'b.c/d': 1 } },
      after: { a: { 'b.c/d': 2 } },
      changes: [{ field: 'a[b.c/d]', before: 1, after: 2 }],
    },
    {
      sentence: 'in their kind',
      before: { a: { b: 1 } },
      after: { a: [1] },
      changes: [{ field: 'a', before: { b: 1 }, after: [1] }],
    },
  ])('$sentence', ({ before, after, changes }) => {
    expect(fieldChanges(before, after)).toEqual(changes);
  });
});
