import { describe, expect, test } from '@jest/globals';

import type {
  MissingData,
  StateValue,
} from '../../../../../src/local/aws/cloudwatch/alarms/alarm.js';
import { judge } from '../../../../../src/local/aws/cloudwatch/alarms/verdict.js';

/** `0` is a value within the threshold, `X` one beyond it, `-` a missing one; oldest first, as AWS's guide prints them. */
function stateOf(
  points: string,
  [m, n]: readonly [number, number],
  missingData: MissingData,
): StateValue | undefined {
  const values = points
    .split(' ')
    .map((point) => (point === '-' ? undefined : point === 'X' ? 1 : 0));
  return judge({
    values,
    evaluationPeriods: n,
    datapointsToAlarm: m,
    threshold: 0,
    comparison: 'GreaterThanThreshold',
    missingData,
  }).state;
}

/** "How alarm state is evaluated when data is missing"; undefined stands for "retain current state". */
const TABLE: readonly (readonly [
  string,
  readonly [number, number],
  ...(StateValue | undefined)[],
])[] = [
  // points, M of N, missing, ignore, breaching, notBreaching
  ['0 - X - X', [3, 3], 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', [3, 3], 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', [3, 3], 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
  ['0 X X - X', [3, 3], 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', [3, 3], 'ALARM', undefined, 'ALARM', 'OK'],
  ['0 - X - X', [2, 3], 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', [2, 3], 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', [2, 3], 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', [2, 3], 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', [2, 3], 'ALARM', undefined, 'ALARM', 'OK'],
];

describe('an alarm of M out of N', () => {
  test.each(
    TABLE.flatMap(([points, mOfN, ...states]) =>
      (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map((missingData, i) => ({
        points,
        mOfN,
        missingData,
        state: states[i],
      })),
    ),
  )(
    'over $points, $mOfN, missing data $missingData, is $state',
    ({ points, mOfN, missingData, state }) => {
      expect(stateOf(points, mOfN, missingData)).toBe(state);
    },
  );

  test('does not alarm for one value beyond, so young that others may follow', () => {
    expect(stateOf('- - - - X', [3, 3], 'missing')).toBeUndefined();
  });

  test.each([
    { comparison: 'GreaterThanThreshold', value: 5, state: 'OK' },
    { comparison: 'GreaterThanOrEqualToThreshold', value: 5, state: 'ALARM' },
    { comparison: 'LessThanThreshold', value: 5, state: 'OK' },
    { comparison: 'LessThanOrEqualToThreshold', value: 5, state: 'ALARM' },
  ] as const)('with $comparison 5 and the value 5 is $state', ({ comparison, value, state }) => {
    const input = { values: [value], evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 5 };
    expect(judge({ ...input, comparison, missingData: 'missing' }).state).toBe(state);
  });
});
