/** GetMetricStatistics. */
import type { Input } from '../../protocols/input.js';
import type { Output, OutputValue } from '../../protocols/protocol.js';
import { AwsError } from '../../service.js';
import { isPercentile, statisticOf, STATISTICS, type Bucket } from '../metrics/bucket.js';
import {
  readDimensions,
  readMetricName,
  readNamespace,
  readUnit,
  type CloudWatchOperation,
} from '../operation.js';

const MAX_DATAPOINTS = 1440;

export const getMetricStatistics: CloudWatchOperation = {
  name: 'GetMetricStatistics',
  parameters: [
    'Namespace',
    'MetricName',
    'Dimensions',
    'StartTime',
    'EndTime',
    'Period',
    'Statistics',
    'ExtendedStatistics',
    'Unit',
  ],
  run: (input, call, { metrics }) => {
    call.authorize('cloudwatch:GetMetricStatistics', '*');
    const name = readMetricName(input);
    const statistics = readStatistics(input);
    const periodSeconds = readPeriod(input);
    const range = readRange(input, periodSeconds);
    const query = {
      region: call.region,
      namespace: readNamespace(input),
      name,
      dimensions: readDimensions(input),
      periodSeconds,
      unit: readUnit(input),
    };
    const buckets = metrics.buckets(query, range.startMs, range.endMs);
    return {
      Label: name,
      Datapoints: buckets.map(({ atMs, bucket, unit }) => ({
        Timestamp: new Date(atMs),
        ...describe(bucket, statistics),
        Unit: unit,
      })),
    };
  },
};

function readStatistics(input: Input): string[] {
  const simple = input.strings('Statistics') ?? [];
  const extended = input.strings('ExtendedStatistics') ?? [];
  const unknown =
    simple.find((name) => !(STATISTICS as readonly string[]).includes(name)) ??
    extended.find((name) => !isPercentile(name));
  if (unknown !== undefined) {
    throw new AwsError('InvalidParameterValue', `The statistic ${unknown} is not supported here.`);
  }
  if (simple.length + extended.length === 0) {
    throw new AwsError('MissingParameter', 'Must specify either Statistics or ExtendedStatistics.');
  }
  return [...simple, ...extended];
}

function readPeriod(input: Input): number {
  const seconds = input.requiredInteger('Period');
  if ([1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return seconds;
  throw input.invalid('Period', 'must be 1, 5, 10, 20, 30 or a multiple of 60');
}

function readRange(input: Input, periodSeconds: number): { startMs: number; endMs: number } {
  const [start, end] = [input.requiredTimeMs('StartTime'), input.requiredTimeMs('EndTime')];
  if (start >= end) {
    const message = 'The parameter StartTime must be less than the parameter EndTime.';
    throw new AwsError('InvalidParameterCombination', message);
  }
  const periodMs = periodSeconds * 1000;
  const startMs = Math.floor(start / periodMs) * periodMs;
  const count = Math.ceil((end - startMs) / periodMs);
  if (count > MAX_DATAPOINTS) {
    const message = `You have requested up to ${count} datapoints, which exceeds the limit of ${MAX_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`;
    throw new AwsError('InvalidParameterCombination', message);
  }
  return { startMs, endMs: end };
}

function describe(bucket: Bucket, statistics: readonly string[]): Output {
  const values = statistics.map((name): [string, number | undefined] => [
    name,
    statisticOf(bucket, name),
  ]);
  const extended = values.filter(([name]) => isPercentile(name));
  const percentiles: OutputValue = Object.fromEntries(extended);
  return {
    ...Object.fromEntries(values.filter(([name]) => !isPercentile(name))),
    ...(extended.length > 0 && { ExtendedStatistics: percentiles }),
  };
}
