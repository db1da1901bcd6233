import { describe, expect, test } from '@jest/globals';

import { parseFilterPattern } from '../../../../../src/local/aws/logs/patterns/filter-pattern.js';

describe('a filter pattern', () => {
  test.each([
    { pattern: '', message: 'anything', matches: true },
    { pattern: 'ERROR', message: 'an ERROR here', matches: true },
    { pattern: 'ERROR', message: 'an error here', matches: false },
    { pattern: 'ERROR timeout', message: 'ERROR only', matches: false },
    { pattern: '?ERROR ?WARN', message: 'a WARN', matches: true },
    { pattern: '?ERROR ?WARN', message: 'an INFO', matches: false },
    { pattern: 'ERROR -health', message: 'ERROR in health', matches: false },
    { pattern: '"timed out" task', message: 'the task timed out', matches: true },
    { pattern: '"timed out"', message: 'out timed', matches: false },
    { pattern: '%5\\d\\d%', message: 'status 503', matches: true },
    { pattern: '{ $.level = "error" }', message: '{"level":"error"}', matches: true },
    { pattern: '{ $.level = "err*" }', message: '{"level":"error"}', matches: true },
    { pattern: '{ $.level != "error" }', message: '{"level":"info"}', matches: true },
    { pattern: '{ $.level != "error" }', message: '{}', matches: false },
    { pattern: '{ $.a.b[1] >= 500 }', message: '{"a":{"b":[1,503]}}', matches: true },
    {
      pattern: '{ $.n = 5 && ($.x IS NULL || $.y IS TRUE) }',
      message: '{"n":5,"y":true}',
      matches: true,
    },
    { pattern: '{ $.x NOT EXISTS }', message: '{"y":1}', matches: true },
    { pattern: '{ $.m = %^pay% }', message: '{"m":"payment"}', matches: true },
    { pattern: '{ $.level = "error" }', message: 'no JSON', matches: false },
  ])('$pattern on $message: $matches', ({ pattern, message, matches }) => {
    expect(parseFilterPattern(pattern)(message)).toBe(matches);
  });

  test.each(['"open', '{ $.a }', '{ a = 1 }', '{ $.a = 1', '%(%', '[a, b]'])(
    '%s is refused',
    (pattern) => {
      expect(() => parseFilterPattern(pattern)).toThrow(
        expect.objectContaining({ code: 'InvalidParameterException' }),
      );
    },
  );
});
