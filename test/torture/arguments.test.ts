import { describe, expect, test } from '@jest/globals';
import { Misuse, readArguments } from '../../torture/arguments.js';

describe('the arguments', () => {
  test('without any are one small run', () => {
    expect(readArguments([])).toMatchObject({ seeds: [1], operations: 100 });
  });

  test('name a range of seeds, both ends included', () => {
    expect(readArguments(['--seeds', '3..5']).seeds).toEqual([3, 4, 5]);
  });

  test('give minutes as so many payments at the rate', () => {
    expect(readArguments(['--minutes', '2', '--rate', '10']).operations).toBe(1200);
  });

  test.each([
    ['--seed', 'x'],
    ['--seed', '-1'],
    ['--seed', '4294967296'],
    ['--seeds', '5..3'],
    ['--seeds', '5'],
    ['--seed', '1', '--seeds', '1..2'],
    ['--minutes', '0'],
    ['--ops', '1.5'],
    ['--ops', '10', '--minutes', '1'],
    ['--consistency', 'weak'],
    ['--replay', 'seed-1.jsonl', '--ops', '10'],
    ['--fast'],
    ['more'],
  ])('%s %s %s %s are misuse', (...args) => {
    expect(() => readArguments(args)).toThrow(Misuse);
  });
});
