import { describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { ageOf } from '../../../src/cli/output/age.js';
import { toJson, toYaml } from '../../../src/cli/output/print.js';
import { oneLine, tableOf } from '../../../src/cli/output/table.js';

describe('a table', () => {
  test('has columns as wide as what is in them, and no blanks at the end', () => {
    expect(
      tableOf(
        ['NAME', 'AGE'],
        [
          ['a-long-name', '3m'],
          ['b', ''],
        ],
      ),
    ).toBe('NAME          AGE\na-long-name   3m\nb');
  });

  test('gives no room to colour', () => {
    const colour = pc.createColors(true);
    expect(tableOf(['A', 'B'], [[colour.red('x'), 'y']])).toBe(`A   B\n${colour.red('x')}   y`);
  });
});

test("somebody else's text stays on its line and cannot paint the screen", () => {
  expect(oneLine('a\u001b[2Jb\r\nc\u0007')).toBe('a [2Jb c ');
});

describe('an age', () => {
  const now = Date.parse('2026-01-10T00:00:00Z');
  test.each([
    ['2026-01-10T00:00:00Z', '0s'],
    ['2026-01-09T23:58:01Z', '119s'],
    ['2026-01-09T23:57:30Z', '2m30s'],
    ['2026-01-09T23:30:00Z', '30m'],
    ['2026-01-09T21:50:00Z', '2h10m'],
    ['2026-01-06T21:00:00Z', '3d3h'],
    ['2025-12-01T00:00:00Z', '40d'],
    [undefined, '-'],
    ['yesterday', '-'],
  ])('since %s is %s', (time, age) => {
    expect(ageOf(time, now)).toBe(age);
  });
});

describe('what programs read', () => {
  const value = { b: [{ d: 1, c: undefined }], a: 'N' };

  test('is JSON with sorted keys', () => {
    expect(JSON.stringify(JSON.parse(toJson(value)))).toBe('{"a":"N","b":[{"d":1}]}');
  });

  test('is YAML with sorted keys, and quotes where Kubernetes would read something else', () => {
    expect(toYaml(value)).toBe('a: "N"\nb:\n  - d: 1\n');
  });
});
