/** Why an alarm is in its state, in CloudWatch's words. */
import type { Comparison, StateValue } from './alarm.js';
import type { Verdict, VerdictInput } from './verdict.js';

const COMPARED: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

export interface EvaluatedDatapoint {
  readonly atMs: number;
  readonly value: number;
}

/** `datapoints` are those evaluated, newest first. */
export function explain(
  state: StateValue,
  before: StateValue,
  { filled }: Verdict,
  datapoints: readonly EvaluatedDatapoint[],
  input: VerdictInput,
): string {
  const { datapointsToAlarm, evaluationPeriods, missingData } = input;
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${evaluationPeriods} ${plural('datapoint was', 'datapoints were', evaluationPeriods)} unknown.`;
  }
  if (datapoints.length === 0) {
    const treated = missingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return `Threshold Crossed: no datapoints were received for ${filled} ${plural('period', 'periods', filled)} and ${filled} missing ${plural('datapoint was', 'datapoints were', filled)} treated as [${treated}].`;
  }
  const isAlarm = state === 'ALARM';
  const wanted = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const shown = datapoints.slice(0, Math.max(wanted, 1));
  const list = shown.map(({ atMs, value }) => `${decimal(value)} (${shortTime(atMs)})`).join(', ');
  const was = plural('was', 'were', shown.length);
  return (
    `Threshold Crossed: ${shown.length} out of the last ${datapoints.length} datapoints [${list}] ` +
    `${was} ${isAlarm ? '' : 'not '}${COMPARED[input.comparison]} the threshold (${decimal(input.threshold)}) ` +
    `(minimum ${wanted} ${plural('datapoint', 'datapoints', wanted)} for ${before} -> ${state} transition).`
  );
}

function plural(one: string, many: string, count: number): string {
  return count === 1 ? one : many;
}

/** Java's way with doubles: always a decimal point. */
function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `23/11/26 21:45:00`. */
function shortTime(ms: number): string {
  const [, year, month, day, time] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]{8})/.exec(new Date(ms).toISOString()) ?? [];
  return `${String(day)}/${String(month)}/${String(year)} ${String(time)}`;
}
