import { describe, expect, test } from '@jest/globals';

import {
  evaluateExpression,
  type Series,
} from '../../../../../src/local/aws/cloudwatch/math/evaluate.js';
import {
  ExpressionError,
  parseExpression,
} from '../../../../../src/local/aws/cloudwatch/math/expression.js';

const SERIES: Readonly<Record<string, Series>> = {
  m1: new Map([
    [0, 4],
    [1, 6],
    [2, 8],
  ]),
  m2: new Map([
    [0, 2],
    [2, 0],
  ]),
};

function compute(text: string): (number | undefined)[] {
  const times = [0, 1, 2];
  const result = evaluateExpression(parseExpression(text), {
    series: (id) => SERIES[id] ?? new Map(),
    metrics: () => Object.values(SERIES),
    times,
  });
  return times.map((time) => result.get(time));
}

describe('metric math', () => {
  test.each([
    { text: 'm1 + 1', values: [5, 7, 9] },
    { text: '2 + m1 * 2', values: [10, 14, 18] },
    { text: '(2 + m1) * 2', values: [12, 16, 20] },
    { text: '10 - m1 - 1', values: [5, 3, 1] },
    { text: '-m1', values: [-4, -6, -8] },
    { text: 'm1 + m2', values: [6, undefined, 8] },
    { text: 'm1 / m2', values: [2, undefined, undefined] },
    { text: 'FILL(m2, 0) + m1', values: [6, 6, 8] },
    { text: 'FILL(none, 0)', values: [0, 0, 0] },
    { text: 'SUM([m1, m2])', values: [6, 6, 8] },
    { text: 'SUM(METRICS())', values: [6, 6, 8] },
    { text: 'MAX([m1, m2])', values: [4, 6, 8] },
    { text: 'm1 / MAX(m1)', values: [0.5, 0.75, 1] },
    { text: 'IF(m1 > 5, 1, 0)', values: [0, 1, 1] },
    { text: 'IF(m1 > 5 AND m1 < 8, m1)', values: [undefined, 6, undefined] },
    { text: '7', values: [7, 7, 7] },
  ])('computes $text', ({ text, values }) => {
    expect(compute(text)).toEqual(values);
  });

  test.each(['m1 +', 'm1 m2', '(m1', 'ANOMALY_DETECTION_BAND(m1)', 'm1 + $', 'M1', '', 'FILL(m1)'])(
    'refuses %p',
    (text) => {
      expect(() => compute(text)).toThrow(ExpressionError);
    },
  );

  test('refuses what is nested without end rather than run out of stack', () => {
    expect(() => parseExpression('('.repeat(100_000))).toThrow(ExpressionError);
  });
});
