/** DescribeAlarms, DescribeAlarmsForMetric. */
import {
  actionsFor,
  isComposite,
  STATES,
  typeOf,
  type Alarm,
  type MetricAlarm,
} from '../alarms/alarm.js';
import { describeAlarm } from '../alarms/describe-alarm.js';
import { validationError } from '../errors.js';
import {
  alarmArn,
  page,
  readDimensions,
  readMetricName,
  readNamespace,
  type CloudWatchOperation,
} from '../operation.js';

export const describeAlarms: CloudWatchOperation = {
  name: 'DescribeAlarms',
  parameters: [
    'AlarmNames',
    'AlarmNamePrefix',
    'AlarmTypes',
    'StateValue',
    'ActionPrefix',
    'MaxRecords',
    'NextToken',
  ],
  run: (input, call, { alarms }) => {
    call.authorize('cloudwatch:DescribeAlarms', alarmArn(call, '*'));
    const names = input.strings('AlarmNames');
    const prefix = input.string('AlarmNamePrefix');
    if (names !== undefined && prefix !== undefined) {
      throw validationError('AlarmNames and AlarmNamePrefix cannot be specified together.');
    }
    const state = input.choice('StateValue', STATES);
    const actionPrefix = input.string('ActionPrefix');
    const types = input.strings('AlarmTypes') ?? ['MetricAlarm'];
    const maxRecords = input.integer('MaxRecords') ?? 100;
    if (maxRecords < 1 || maxRecords > 100)
      throw validationError('MaxRecords must be between 1 and 100.');
    const found = alarms
      .list(call.region)
      .filter(
        (alarm) =>
          types.includes(typeOf(alarm)) &&
          (names === undefined || names.includes(alarm.name)) &&
          (prefix === undefined || alarm.name.startsWith(prefix)) &&
          (state === undefined || alarm.state.value === state) &&
          (actionPrefix === undefined ||
            actionsOf(alarm).some((arn) => arn.startsWith(actionPrefix))),
      );
    const { items, NextToken } = page(found, input, maxRecords);
    const [composite, metric] = [true, false].map((isWanted) =>
      items.filter((alarm) => isComposite(alarm) === isWanted).map(describeAlarm),
    );
    return { CompositeAlarms: composite, MetricAlarms: metric, NextToken };
  },
};

export const describeAlarmsForMetric: CloudWatchOperation = {
  name: 'DescribeAlarmsForMetric',
  parameters: [
    'MetricName',
    'Namespace',
    'Statistic',
    'ExtendedStatistic',
    'Dimensions',
    'Period',
    'Unit',
  ],
  run: (input, call, { alarms }) => {
    call.authorize('cloudwatch:DescribeAlarmsForMetric', alarmArn(call, '*'));
    const name = readMetricName(input);
    const namespace = readNamespace(input);
    const dimensions = sorted(readDimensions(input));
    const statistic = input.string('Statistic') ?? input.string('ExtendedStatistic');
    const period = input.integer('Period');
    const unit = input.string('Unit');
    const isMetric = (alarm: Alarm): alarm is MetricAlarm => !isComposite(alarm);
    const found = alarms
      .list(call.region)
      .filter(isMetric)
      .filter(({ watches }) => {
        if (watches.kind !== 'metric') return false;
        const { stat } = watches;
        return (
          stat.name === name &&
          stat.namespace === namespace &&
          sorted(stat.dimensions) === dimensions &&
          (statistic === undefined || stat.statistic === statistic) &&
          (period === undefined || stat.periodSeconds === period) &&
          (unit === undefined || stat.unit === unit)
        );
      });
    return { MetricAlarms: found.map(describeAlarm) };
  },
};

function actionsOf(alarm: Alarm): readonly string[] {
  return STATES.flatMap((state) => actionsFor(alarm, state));
}

function sorted(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
}
