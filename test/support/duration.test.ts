import { describe, expect, test } from '@jest/globals';
import { parseGoDuration } from '../../src/support/duration.js';

describe('a duration as Go writes it', () => {
  test.each([
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5s', 1500],
    ['.5s', 500],
    ['2us', 0.002],
    ['-10s', -10_000],
    ['0', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseGoDuration(text)).toBeCloseTo(ms, 9);
  });

  test.each(['', '10', 's', '1d', '1h 30m', '1.2.3s', 'PT1H'])('%j is none', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});
