import { describe, expect, test } from '@jest/globals';
import { parseQuantity } from '../../../../../src/local/crossplane/functions/go/quantity.js';

describe('a quantity', () => {
  test.each([
    ['0', 0],
    ['.', 0],
    ['Gi', 0],
    ['123456789Gi', 132560717806043150],
    ['1e99999999', Infinity],
    ['1234567890123456789e99999999', Infinity],
    ['1e-99999999', 1e-9],
    ['1500m', 1.5],
    ['1Gi', 1073741824],
    ['1.5Ki', 1536],
    ['2k', 2000],
    ['1E', 1e18],
    ['1e3', 1000],
    ['-3', -3],
    ['0.7', 0.7000000000000001],
    ['1n', 1e-9],
    ['0.1n', 1e-9],
    ['99E', 9.9e19],
    ['99Ei', 9223372036854775807],
  ])('%s is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  test.each(['', '1 Gi', '1kk', '1e', '0x1', '--1'])('is not %j', (text) => {
    expect(() => parseQuantity(text)).toThrow('quantities must match');
  });
});
