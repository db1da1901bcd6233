import { describe, expect, test } from '@jest/globals';
import { fromTagPairs, tagChanges } from '../../../../src/local/provider-aws/external/tags.js';

describe('tags', () => {
  test('are set where they differ and taken away where nobody asks for them', () => {
    expect(tagChanges({ a: '1', b: '2' }, { a: '1', b: '3', c: '4' })).toEqual({
      set: { b: '2' },
      unset: ['c'],
    });
  });

  test("do not include AWS's own", () => {
    expect(
      fromTagPairs([
        { Key: 'aws:cloudformation', Value: 'x' },
        { Key: 'a', Value: '1' },
      ]),
    ).toEqual({ a: '1' });
  });
});
