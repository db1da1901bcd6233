import { describe, expect, test } from '@jest/globals';
import { parseParts } from '../../../src/cli/platform/parts.js';

describe('the parts of --only', () => {
  test('are read from a list with commas', () => {
    expect([...parseParts('kubernetes, crossplane')]).toEqual(['kubernetes', 'crossplane']);
  });

  test.each(['', 'kubernetes,etcd', 'all'])('are refused where one does not exist: %j', (text) => {
    expect(() => parseParts(text)).toThrow(expect.objectContaining({ code: 'PDR1006' }));
  });
});
