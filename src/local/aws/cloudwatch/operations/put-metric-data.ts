/** PutMetricData. */
import type { Input } from '../../protocols/input.js';
import { AwsError } from '../../service.js';
import { bucketOf, merge, type Bucket } from '../metrics/bucket.js';
import type { Sample } from '../metrics/metric-store.js';
import {
  readDimensions,
  readMetricName,
  readNamespace,
  readUnit,
  RESERVED_NAMESPACE,
  type CloudWatchOperation,
} from '../operation.js';

const MAX_DATA = 1000;
const MAX_VALUES = 150;
const MAX_AGE_MS = 14 * 24 * 3600_000;
const MAX_AHEAD_MS = 2 * 3600_000;
const DATUM_PARAMETERS = [
  'MetricName',
  'Dimensions',
  'Timestamp',
  'Value',
  'StatisticValues',
  'Values',
  'Counts',
  'Unit',
  'StorageResolution',
];

export const putMetricData: CloudWatchOperation = {
  name: 'PutMetricData',
  parameters: ['Namespace', 'MetricData'],
  run: async (input, call, { metrics }) => {
    const namespace = readNamespace(input);
    call.authorize('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': namespace });
    if (namespace.startsWith(RESERVED_NAMESPACE)) {
      throw new AwsError(
        'InvalidParameterValue',
        `The value ${RESERVED_NAMESPACE} for parameter Namespace is invalid.`,
      );
    }
    const data = input.structures('MetricData') ?? [];
    if (data.length === 0)
      throw new AwsError('MissingParameter', 'The parameter MetricData is required.');
    if (data.length > MAX_DATA) {
      throw new AwsError(
        'InvalidParameterValue',
        `The collection MetricData must not have a size greater than ${MAX_DATA}.`,
      );
    }
    const nowMs = call.cloud.clock.now();
    await metrics.put(data.map((datum) => readDatum(datum, call.region, namespace, nowMs)));
    return {};
  },
};

function readDatum(input: Input, region: string, namespace: string, nowMs: number): Sample {
  input.allowOnly(DATUM_PARAMETERS);
  const atMs = input.timeMs('Timestamp') ?? nowMs;
  if (atMs < nowMs - MAX_AGE_MS || atMs > nowMs + MAX_AHEAD_MS) {
    throw input.invalid(
      'Timestamp',
      'must be within the last two weeks, and at most two hours ahead',
    );
  }
  const resolution = input.integer('StorageResolution') ?? 60;
  if (resolution !== 1 && resolution !== 60)
    throw input.invalid('StorageResolution', 'must be 1 or 60');
  return {
    region,
    namespace,
    name: readMetricName(input),
    dimensions: readDimensions(input),
    bucket: readBucket(input),
    atMs,
    unit: readUnit(input) ?? 'None',
    resolution,
  };
}

function readBucket(input: Input): Bucket {
  const given = ['Value', 'Values', 'StatisticValues'].filter((name) => input.has(name));
  if (given.length === 0) {
    throw new AwsError(
      'MissingParameter',
      'At least one of the parameters Value, Values and StatisticValues must be specified.',
    );
  }
  if (given.length > 1) {
    const message = `The parameters ${given.join(' and ')} are mutually exclusive and you have specified both.`;
    throw new AwsError('InvalidParameterCombination', message);
  }
  const value = input.number('Value');
  if (value !== undefined) return bucketOf(value);
  const statistics = input.structure('StatisticValues');
  return statistics === undefined ? readValues(input) : readStatistics(statistics);
}

function readValues(input: Input): Bucket {
  const values = input.numbers('Values') ?? [];
  const counts = input.numbers('Counts') ?? values.map(() => 1);
  if (values.length === 0 || values.length > MAX_VALUES) {
    throw input.invalid('Values', `must have 1 to ${MAX_VALUES} elements`);
  }
  if (counts.length !== values.length) {
    throw new AwsError(
      'InvalidParameterValue',
      'The parameters Values and Counts must be of the same size.',
    );
  }
  return values.map((value, i) => bucketOf(value, counts[i])).reduce(merge);
}

/** Of values that nobody sent one by one: they have no percentiles. */
function readStatistics(input: Input): Bucket {
  const read = (name: string): number => {
    const number = input.number(name);
    if (number === undefined)
      throw new AwsError('MissingParameter', `The parameter StatisticValues.${name} is required.`);
    return number;
  };
  return {
    sum: read('Sum'),
    count: read('SampleCount'),
    min: read('Minimum'),
    max: read('Maximum'),
    histogram: {},
  };
}
