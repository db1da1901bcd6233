/** What an alarm tells its topic: the subject and the JSON message that CloudWatch sends. */
import { isPercentile } from '../metrics/bucket.js';
import {
  isComposite,
  periodSecondsOf,
  statsOf,
  type Alarm,
  type AlarmState,
  type CompositeAlarm,
  type MetricAlarm,
  type MetricStat,
} from './alarm.js';
import { longNameOf } from './region-names.js';

export interface Notification {
  readonly subject: string;
  readonly message: string;
}

export function notificationOf(alarm: Alarm, before: AlarmState, accountId: string): Notification {
  const region = longNameOf(alarm.region);
  const subject = `${alarm.state.value}: "${alarm.name}" in ${region}`;
  return {
    subject: subject.length <= 100 ? subject : `${subject.slice(0, 97)}...`,
    message: JSON.stringify({
      AlarmName: alarm.name,
      AlarmDescription: alarm.description ?? null,
      AWSAccountId: accountId,
      AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configuredAtMs),
      NewStateValue: alarm.state.value,
      NewStateReason: alarm.state.reason,
      StateChangeTime: timestamp(alarm.state.updatedAtMs),
      Region: region,
      AlarmArn: alarm.arn,
      OldStateValue: before.value,
      OKActions: alarm.okActions,
      AlarmActions: alarm.alarmActions,
      InsufficientDataActions: alarm.insufficientDataActions,
      ...(isComposite(alarm) ? ruleAndChildren(alarm) : { Trigger: trigger(alarm) }),
    }),
  };
}

function ruleAndChildren({ rule, state }: CompositeAlarm): object {
  const { triggeringAlarms } = JSON.parse(state.reasonData ?? '{}') as {
    triggeringAlarms?: readonly { arn: string; state: { value: string; timestamp: string } }[];
  };
  return {
    AlarmRule: rule,
    TriggeringChildren: (triggeringAlarms ?? []).map((child) => ({
      Arn: child.arn,
      State: { Value: child.state.value, Timestamp: child.state.timestamp },
    })),
  };
}

function trigger(alarm: MetricAlarm): object {
  const [only] = statsOf(alarm);
  const watched =
    alarm.watches.kind === 'metric' && only !== undefined
      ? describeStat(only)
      : { Metrics: alarm.watches.kind === 'math' ? alarm.watches.queries.map(describeQuery) : [] };
  return {
    ...watched,
    Period: periodSecondsOf(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.treatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: '',
  };
}

function describeStat({ name, namespace, statistic, unit, dimensions }: MetricStat): object {
  const isExtended = isPercentile(statistic);
  return {
    MetricName: name,
    Namespace: namespace,
    StatisticType: isExtended ? 'ExtendedStatistic' : 'Statistic',
    ...(isExtended ? { ExtendedStatistic: statistic } : { Statistic: statistic.toUpperCase() }),
    Unit: unit ?? null,
    Dimensions: Object.entries(dimensions).map(([key, value]) => ({ value, name: key })),
  };
}

function describeQuery(
  query: Extract<MetricAlarm['watches'], { kind: 'math' }>['queries'][number],
): object {
  const { id, stat, expression, label, returnData } = query;
  return {
    Id: id,
    ...(label !== undefined && { Label: label }),
    ReturnData: returnData,
    ...(expression !== undefined && { Expression: expression }),
    ...(stat !== undefined && {
      MetricStat: {
        Metric: {
          Dimensions: Object.entries(stat.dimensions).map(([name, value]) => ({ value, name })),
          MetricName: stat.name,
          Namespace: stat.namespace,
        },
        Period: stat.periodSeconds,
        Stat: stat.statistic,
      },
    }),
  };
}

/** `2026-11-23T21:45:00.000+0000`. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
