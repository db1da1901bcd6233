/** What the operations of CloudWatch share. */
import type { Input, InputWording } from '../protocols/input.js';
import type { Call, Operation } from '../protocols/operation-service.js';
import type { Output } from '../protocols/protocol.js';
import { AwsError } from '../service.js';
import type { MetricStat } from './alarms/alarm.js';
import type { AlarmStore } from './alarms/alarm-store.js';
import type { Evaluator } from './alarms/evaluator.js';
import type { MetricStore } from './metrics/metric-store.js';

export interface CloudWatchContext {
  readonly alarms: AlarmStore;
  readonly metrics: MetricStore;
  readonly evaluator: Evaluator;
}

export type CloudWatchOperation = Operation<CloudWatchContext>;

export const CLOUDWATCH_WORDING: InputWording = {
  missing: (name) => new AwsError('MissingParameter', `The parameter ${name} is required.`),
  invalid: (name, why) =>
    new AwsError('InvalidParameterValue', `The value of the parameter ${name} ${why}.`),
};

const UNITS: readonly string[] = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Percent',
  'Count',
  'Count/Second',
  'None',
  'Bytes',
  'Bytes/Second',
  'Bits',
  'Bits/Second',
  'Kilobytes',
  'Kilobytes/Second',
  'Kilobits',
  'Kilobits/Second',
  'Megabytes',
  'Megabytes/Second',
  'Megabits',
  'Megabits/Second',
  'Gigabytes',
  'Gigabytes/Second',
  'Gigabits',
  'Gigabits/Second',
  'Terabytes',
  'Terabytes/Second',
  'Terabits',
  'Terabits/Second',
];

const MAX_DIMENSIONS = 30;

export function readDimensions(input: Input): Record<string, string> {
  const dimensions = input.structures('Dimensions') ?? [];
  if (dimensions.length > MAX_DIMENSIONS) {
    throw new AwsError(
      'InvalidParameterValue',
      `No more than ${MAX_DIMENSIONS} dimensions are allowed.`,
    );
  }
  const entries = dimensions.map((dimension): [string, string] => {
    return [dimension.requiredString('Name'), dimension.requiredString('Value')];
  });
  const read = Object.fromEntries(entries);
  if (Object.keys(read).length < entries.length) {
    throw new AwsError('InvalidParameterValue', 'No duplicate dimension names are allowed.');
  }
  return read;
}

export function writeDimensions(dimensions: Readonly<Record<string, string>>): Output[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

export function readUnit(input: Input): string | undefined {
  const unit = input.string('Unit');
  if (unit === undefined || UNITS.includes(unit)) return unit;
  throw input.invalid('Unit', 'is not a unit of CloudWatch');
}

/** Namespaces that begin so are AWS's own: callers read them, only services write them. */
export const RESERVED_NAMESPACE = 'AWS/';

export function readNamespace(input: Input): string {
  const namespace = input.requiredString('Namespace');
  if (/^[^:].{0,254}$/.test(namespace) && namespace.trim() !== '') return namespace;
  throw input.invalid('Namespace', 'must have 1 to 255 characters and not begin with a colon');
}

export function readMetricName(input: Input): string {
  const name = input.requiredString('MetricName');
  if (name.length >= 1 && name.length <= 255) return name;
  throw input.invalid('MetricName', 'must have 1 to 255 characters');
}

export function alarmArn(call: Call, name: string): string {
  return `arn:aws:cloudwatch:${call.region}:${call.cloud.accountId}:alarm:${name}`;
}

/** One page of a list; the token is the position of the next. */
export function page<T>(
  all: readonly T[],
  input: Input,
  size: number,
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const token = input.string('NextToken');
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
  }
  const end = start + size;
  return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}

export function describeMetricStat(stat: MetricStat): Output {
  return {
    Metric: {
      Namespace: stat.namespace,
      MetricName: stat.name,
      Dimensions: writeDimensions(stat.dimensions),
    },
    Period: stat.periodSeconds,
    Stat: stat.statistic,
    Unit: stat.unit,
  };
}
