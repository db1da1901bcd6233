/**
 * What state an alarm's datapoints put it in: the rules of CloudWatch for M out of N, with missing data.
 *
 * Held to the tables of "Configuring how CloudWatch alarms treat missing data".
 */
import type { Comparison, MissingData, StateValue } from './alarm.js';

/** CloudWatch looks at more periods than it evaluates, so that late data still counts. */
export const EXTRA_PERIODS = 2;

/** DynamoDB's own metrics always keep the state when data is missing, whatever the alarm says (PutMetricAlarm). */
export const ALWAYS_IGNORING_NAMESPACE = 'AWS/DynamoDB';

export interface VerdictInput {
  /** One per period of the evaluation range, oldest first; undefined where data is missing. */
  readonly values: readonly (number | undefined)[];
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missingData: MissingData;
}

export interface Verdict {
  /** Undefined: the alarm stays as it is. */
  readonly state: StateValue | undefined;
  /** The values that decided, newest first, by their place in `values`. */
  readonly evaluated: readonly number[];
  /** How many periods had to be filled because data was missing. */
  readonly filled: number;
}

export function judge(input: VerdictInput): Verdict {
  const { values, evaluationPeriods, datapointsToAlarm, missingData } = input;
  const present = values
    .flatMap((value, place) => (value === undefined ? [] : [{ value, place }]))
    .reverse();
  const considered = present.slice(0, evaluationPeriods);
  const breaching = considered.filter(({ value }) => breaches(value, input));
  const evaluated = considered.map(({ place }) => place);
  const filled = Math.max(0, evaluationPeriods - considered.length);
  const verdict = (state: StateValue | undefined): Verdict => ({ state, evaluated, filled });

  if (breaching.length >= datapointsToAlarm) return verdict('ALARM');
  if (filled === 0) return verdict('OK');
  switch (missingData) {
    case 'breaching':
      return verdict(breaching.length + filled >= datapointsToAlarm ? 'ALARM' : 'OK');
    case 'notBreaching':
      return verdict('OK');
    case 'ignore':
      return verdict(breaching.length < considered.length ? 'OK' : undefined);
    case 'missing': {
      if (considered.length === 0) return verdict('INSUFFICIENT_DATA');
      if (breaching.length < considered.length) return verdict('OK');
      // All there is breaches. It alarms once the oldest of it is old enough to have been joined by the rest.
      const oldestAge = values.length - (breaching.at(-1)?.place ?? values.length);
      return verdict(oldestAge >= datapointsToAlarm ? 'ALARM' : undefined);
    }
  }
}

function breaches(
  value: number,
  { threshold, comparison }: Pick<VerdictInput, 'threshold' | 'comparison'>,
): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}
