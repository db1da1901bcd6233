import { describe, expect, test } from '@jest/globals';

import { parseAlarmRule } from '../../../../../src/local/aws/cloudwatch/alarms/alarm-rule.js';
import type { StateValue } from '../../../../../src/local/aws/cloudwatch/alarms/alarm.js';

const STATES: Readonly<Record<string, StateValue>> = {
  red: 'ALARM',
  green: 'OK',
  grey: 'INSUFFICIENT_DATA',
  'with space': 'ALARM',
};

describe('the rule of a composite alarm', () => {
  test.each([
    { rule: 'ALARM(red)', holds: true },
    { rule: 'ALARM("with space")', holds: true },
    { rule: 'OK("arn:aws:cloudwatch:us-east-1:123456789012:alarm:green")', holds: true },
    { rule: 'INSUFFICIENT_DATA(grey) AND NOT ALARM(green)', holds: true },
    { rule: 'ALARM(green) OR ALARM(red) AND OK(red)', holds: false },
    { rule: '(ALARM(green) OR ALARM(red)) AND OK(green)', holds: true },
    { rule: 'NOT (ALARM(red) AND TRUE) OR FALSE', holds: false },
    { rule: 'ALARM(absent)', holds: false },
  ])('$rule is $holds', ({ rule, holds }) => {
    expect(parseAlarmRule(rule).holds((name) => STATES[name])).toBe(holds);
  });

  test('names the alarms it looks at, each once', () => {
    expect(parseAlarmRule('ALARM(a) OR OK("b") OR ALARM(a)').children).toEqual(['a', 'b']);
  });

  test.each([
    '',
    'ALARM',
    'ALARM(',
    'ALARM(a',
    'BAD(a)',
    'ALARM(a) ALARM(b)',
    '"a',
    'AT_LEAST(1, ALARM, (a))',
  ])('%s is refused', (rule) => {
    expect(() => parseAlarmRule(rule)).toThrow(
      expect.objectContaining({ code: 'ValidationError' }),
    );
  });
});
