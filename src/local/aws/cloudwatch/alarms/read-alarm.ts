/** An alarm as PutMetricAlarm brings it, read and checked: its limits are CloudWatch's. */
import type { Input } from '../../protocols/input.js';
import type { Call } from '../../protocols/operation-service.js';
import { readQueries } from '../metric-data-query.js';
import { isPercentile, STATISTICS } from '../metrics/bucket.js';
import { validationError } from '../errors.js';
import { readDimensions, readMetricName, readNamespace, readUnit } from '../operation.js';
import {
  COMPARISONS,
  MISSING_DATA,
  periodSecondsOf,
  type AlarmSettings,
  type CommonSettings,
  type MetricStat,
} from './alarm.js';

export const ALARM_PARAMETERS = [
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'OKActions',
  'AlarmActions',
  'InsufficientDataActions',
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Period',
  'Unit',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
  'Metrics',
  'Tags',
] as const;

const SINGLE_METRIC_PARAMETERS = [
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Period',
  'Unit',
] as const;

const DAY_SECONDS = 86_400;
const MAX_ACTIONS = 5;
/** Metrics and expressions of one alarm. */
const MAX_QUERIES = 10;

/** Throws `AwsError` ValidationError, or as CloudWatch words a missing or unreadable parameter. */
export function readAlarm(input: Input, call: Call): AlarmSettings {
  const evaluationPeriods = input.requiredInteger('EvaluationPeriods');
  if (evaluationPeriods < 1) throw validationError('EvaluationPeriods must be at least 1.');
  const datapointsToAlarm = input.integer('DatapointsToAlarm');
  if (
    datapointsToAlarm !== undefined &&
    (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods)
  ) {
    throw validationError('DatapointsToAlarm must be between 1 and EvaluationPeriods.');
  }
  const settings: AlarmSettings = {
    ...readCommon(input, call),
    watches: readWatches(input),
    evaluationPeriods,
    datapointsToAlarm,
    threshold: readThreshold(input),
    comparison: readComparison(input),
    treatMissingData: input.choice('TreatMissingData', MISSING_DATA),
  };
  checkSpan(settings);
  return settings;
}

/** What alarms of both kinds have. */
export function readCommon(input: Input, call: Call): CommonSettings {
  return {
    name: readAlarmName(input),
    description: readDescription(input),
    actionsEnabled: input.boolean('ActionsEnabled') ?? true,
    okActions: readActions(input, 'OKActions', call),
    alarmActions: readActions(input, 'AlarmActions', call),
    insufficientDataActions: readActions(input, 'InsufficientDataActions', call),
  };
}

function readAlarmName(input: Input): string {
  const name = input.requiredString('AlarmName');
  if (name.length >= 1 && name.length <= 255) return name;
  throw validationError('AlarmName must have 1 to 255 characters.');
}

function readDescription(input: Input): string | undefined {
  const description = input.string('AlarmDescription');
  if (description === undefined || description.length <= 1024) return description;
  throw validationError('AlarmDescription must have at most 1024 characters.');
}

/** Topics of the alarm's own region: CloudWatch takes no others. Its other kinds of action are refused. */
function readActions(input: Input, parameter: string, call: Call): string[] {
  const actions = input.strings(parameter) ?? [];
  if (actions.length > MAX_ACTIONS)
    throw validationError(`${parameter} may have at most ${MAX_ACTIONS} actions.`);
  for (const arn of actions) {
    const [, partition, service, region = '', account, name] = arn.split(':');
    if (partition !== 'aws' || name === undefined)
      throw validationError(`Invalid arn syntax: ${arn}`);
    if (service !== 'sns')
      throw validationError(`The local AWS takes SNS topics as actions, not ${arn}`);
    if (region !== call.region) {
      throw validationError(
        `Invalid region ${region} specified. Only ${call.region} is supported.`,
      );
    }
    if (account !== call.cloud.accountId) throw validationError(`Invalid account in ${arn}`);
  }
  return actions;
}

function readWatches(input: Input): AlarmSettings['watches'] {
  const metrics = input.structures('Metrics');
  if (metrics === undefined) return { kind: 'metric', stat: readStat(input) };
  const single = SINGLE_METRIC_PARAMETERS.find((name) => input.has(name));
  if (single !== undefined) {
    throw validationError(`If Metrics is specified, ${single} must not be.`);
  }
  const queries = readQueries(metrics, MAX_QUERIES);
  if (queries.filter(({ returnData }) => returnData).length !== 1) {
    throw validationError('Exactly one element of the metrics list should return data.');
  }
  const periods = new Set(
    queries.flatMap(({ stat }) => (stat === undefined ? [] : [stat.periodSeconds])),
  );
  if (periods.size !== 1)
    throw validationError('Period must be the same for all metrics of the alarm.');
  return { kind: 'math', queries };
}

function readStat(input: Input): MetricStat {
  const extended = input.string('ExtendedStatistic');
  const simple = input.choice('Statistic', STATISTICS);
  if ((extended === undefined) === (simple === undefined)) {
    throw validationError('Exactly one of Statistic and ExtendedStatistic must be specified.');
  }
  if (extended !== undefined && !isPercentile(extended)) {
    throw validationError(
      `The value ${extended} for parameter ExtendedStatistic is not supported here: it takes p0.0 to p100.`,
    );
  }
  return {
    namespace: readNamespace(input),
    name: readMetricName(input),
    dimensions: readDimensions(input),
    periodSeconds: readPeriod(input),
    statistic: extended ?? simple ?? '',
    unit: readUnit(input),
  };
}

function readPeriod(input: Input): number {
  const seconds = input.requiredInteger('Period');
  if ([10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return seconds;
  throw validationError('Period must be 10, 20, 30 or a multiple of 60');
}

function readThreshold(input: Input): number {
  const threshold = input.number('Threshold');
  if (threshold !== undefined) return threshold;
  throw validationError(
    'The parameter Threshold is required: alarms on anomaly detection are not supported here.',
  );
}

function readComparison(input: Input): AlarmSettings['comparison'] {
  const comparison = input.choice('ComparisonOperator', COMPARISONS);
  if (comparison !== undefined) return comparison;
  throw validationError('The parameter ComparisonOperator is required.');
}

function checkSpan(settings: AlarmSettings): void {
  const period = periodSecondsOf(settings);
  const span = period * settings.evaluationPeriods;
  const limit = period < 3600 ? DAY_SECONDS : 7 * DAY_SECONDS;
  if (span <= limit) return;
  const days = limit === DAY_SECONDS ? 'a day' : 'seven days';
  throw validationError(
    `Metrics cannot be checked across more than ${days} (EvaluationPeriods * Period must be <= ${limit}).`,
  );
}
