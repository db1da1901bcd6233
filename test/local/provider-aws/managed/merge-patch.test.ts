import { describe, expect, test } from '@jest/globals';
import { mergePatch } from '../../../../src/local/provider-aws/managed/merge-patch.js';

describe('a merge patch', () => {
  test('is nothing between equals, whatever the order of their keys', () => {
    expect(mergePatch({ a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 })).toBeUndefined();
  });

  test('holds what changed, with null for what is gone and lists whole', () => {
    expect(
      mergePatch({ a: 1, b: { c: 2, d: 3 }, e: [1] }, { b: { c: 4, d: 3 }, e: [1, 2] }),
    ).toEqual({
      a: null,
      b: { c: 4 },
      e: [1, 2],
    });
  });
});
