/** MetricAlarm (cloudwatch): a metric or an expression over metrics, a threshold, and what happens beyond it. */
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type MetricAlarm,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { absent, type External } from '../external/external.js';
import { fromTagPairs, tagChanges, toTagPairs, type Tags } from '../external/tags.js';
import {
  fromDimensions,
  fromMetricQuery,
  toDimensions,
  toMetricQuery,
  type MetricQueryParameters,
} from './metric-query.js';

interface MetricAlarmParameters {
  readonly region: string;
  readonly actionsEnabled?: boolean;
  readonly alarmActions?: readonly string[];
  readonly alarmDescription?: string;
  readonly comparisonOperator: string;
  readonly datapointsToAlarm?: number;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly evaluateLowSampleCountPercentiles?: string;
  readonly evaluationPeriods: number;
  readonly extendedStatistic?: string;
  readonly insufficientDataActions?: readonly string[];
  readonly metricName?: string;
  readonly metricQuery?: readonly MetricQueryParameters[];
  readonly namespace?: string;
  readonly okActions?: readonly string[];
  readonly period?: number;
  readonly statistic?: string;
  readonly tags?: Tags;
  readonly threshold?: number;
  readonly thresholdMetricId?: string;
  readonly treatMissingData?: string;
  readonly unit?: string;
}

interface AlarmDetail {
  readonly arn: string;
  readonly tags: Tags;
}

export const metricAlarm: External<MetricAlarmParameters, AlarmDetail> = {
  naming: 'given',
  fields: [
    'actionsEnabled',
    'alarmActions',
    'alarmDescription',
    'comparisonOperator',
    'datapointsToAlarm',
    'dimensions',
    'evaluateLowSampleCountPercentiles',
    'evaluationPeriods',
    'extendedStatistic',
    'insufficientDataActions',
    'metricName',
    'metricQuery.accountId',
    'metricQuery.expression',
    'metricQuery.id',
    'metricQuery.label',
    'metricQuery.metric.dimensions',
    'metricQuery.metric.metricName',
    'metricQuery.metric.namespace',
    'metricQuery.metric.period',
    'metricQuery.metric.stat',
    'metricQuery.metric.unit',
    'metricQuery.period',
    'metricQuery.returnData',
    'namespace',
    'okActions',
    'period',
    'statistic',
    'tags',
    'threshold',
    'thresholdMetricId',
    'treatMissingData',
    'unit',
  ],
  comparison: {
    maps: ['dimensions', 'metricQuery.metric.dimensions'],
    emptyWhenOpen: [
      'alarmActions',
      'okActions',
      'insufficientDataActions',
      'dimensions',
      'metricQuery',
    ],
  },
  async observe({ name, region }, aws) {
    const client = aws.client('CloudWatch', CloudWatchClient, region);
    const { MetricAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm'] }),
    );
    const [found] = MetricAlarms;
    if (found === undefined) return absent;
    const arn = found.AlarmArn ?? '';
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    const tags = fromTagPairs(Tags);
    return {
      exists: true,
      atProvider: { ...settingsOf(found), arn, id: name, region, tags, tagsAll: tags },
      usable: true,
      defaults: {
        actionsEnabled: found.ActionsEnabled ?? true,
        treatMissingData: found.TreatMissingData ?? 'missing',
      },
      detail: { arn, tags },
    };
  },
  async create({ name, region, forProvider }, aws) {
    const input = { ...putMetricAlarmInput(name, forProvider), Tags: toTagPairs(forProvider.tags) };
    await aws.client('CloudWatch', CloudWatchClient, region).send(new PutMetricAlarmCommand(input));
    return undefined;
  },
  async update({ name, region, forProvider }, aws, { detail: { arn, tags } }, drift) {
    const client = aws.client('CloudWatch', CloudWatchClient, region);
    if (drift.some((field) => field !== 'tags')) {
      await client.send(new PutMetricAlarmCommand(putMetricAlarmInput(name, forProvider)));
    }
    if (drift.includes('tags')) {
      const { set, unset } = tagChanges(forProvider.tags, tags);
      if (unset.length > 0) {
        await client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: unset }));
      }
      const Tags = toTagPairs(set);
      if (Tags.length > 0) await client.send(new TagResourceCommand({ ResourceARN: arn, Tags }));
    }
  },
  async remove({ name, region }, aws) {
    await aws
      .client('CloudWatch', CloudWatchClient, region)
      .send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
    return 'requested';
  },
};

function putMetricAlarmInput(
  name: string,
  wanted: MetricAlarmParameters,
): PutMetricAlarmCommandInput {
  return {
    AlarmName: name,
    ActionsEnabled: wanted.actionsEnabled ?? true,
    AlarmActions: [...(wanted.alarmActions ?? [])],
    OKActions: [...(wanted.okActions ?? [])],
    InsufficientDataActions: [...(wanted.insufficientDataActions ?? [])],
    AlarmDescription: wanted.alarmDescription,
    ComparisonOperator:
      wanted.comparisonOperator as PutMetricAlarmCommandInput['ComparisonOperator'],
    DatapointsToAlarm: wanted.datapointsToAlarm,
    EvaluationPeriods: wanted.evaluationPeriods,
    EvaluateLowSampleCountPercentile: wanted.evaluateLowSampleCountPercentiles,
    Threshold: wanted.threshold,
    ThresholdMetricId: wanted.thresholdMetricId,
    TreatMissingData: wanted.treatMissingData,
    // An alarm watches one metric or an expression: CloudWatch refuses parts of both.
    ...(wanted.metricQuery?.length
      ? { Metrics: wanted.metricQuery.map(toMetricQuery) }
      : {
          Namespace: wanted.namespace,
          MetricName: wanted.metricName,
          Dimensions: toDimensions(wanted.dimensions),
          Period: wanted.period,
          Statistic: wanted.statistic as PutMetricAlarmCommandInput['Statistic'],
          ExtendedStatistic: wanted.extendedStatistic,
          Unit: wanted.unit as PutMetricAlarmCommandInput['Unit'],
        }),
  };
}

function settingsOf(alarm: MetricAlarm): Record<string, unknown> {
  return {
    actionsEnabled: alarm.ActionsEnabled,
    alarmActions: alarm.AlarmActions,
    okActions: alarm.OKActions,
    insufficientDataActions: alarm.InsufficientDataActions,
    alarmDescription: alarm.AlarmDescription,
    comparisonOperator: alarm.ComparisonOperator,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    dimensions: fromDimensions(alarm.Dimensions),
    evaluateLowSampleCountPercentiles: alarm.EvaluateLowSampleCountPercentile,
    evaluationPeriods: alarm.EvaluationPeriods,
    extendedStatistic: alarm.ExtendedStatistic,
    metricName: alarm.MetricName,
    metricQuery: alarm.Metrics?.map(fromMetricQuery),
    namespace: alarm.Namespace,
    period: alarm.Period,
    statistic: alarm.Statistic,
    threshold: alarm.Threshold,
    thresholdMetricId: alarm.ThresholdMetricId,
    treatMissingData: alarm.TreatMissingData ?? 'missing',
    unit: alarm.Unit,
  };
}
