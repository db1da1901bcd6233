import { describe, expect, test } from '@jest/globals';
import { Pace } from '../../../../src/local/provider-aws/managed/pace.js';

describe('the pace of changes', () => {
  test('slows down with each change in a row, to its limit', () => {
    const pace = new Pace(100);
    const pauses = [1, 2, 3, 4, 5, 6].map(() => pace.nextMs('a'));
    expect(pauses).toEqual([10, 20, 40, 80, 100, 100]);
  });

  test('starts afresh once the resource is as asked', () => {
    const pace = new Pace(100);
    pace.nextMs('a');
    pace.settled('a');
    expect(pace.nextMs('a')).toBe(10);
  });

  test('calls changes futile that go on and on, for that resource only', () => {
    const pace = new Pace(100);
    for (let change = 0; change < 8; change += 1) pace.nextMs('a');
    expect(pace.isFutile('a')).toBe(true);
    expect(pace.isFutile('b')).toBe(false);
  });
});
