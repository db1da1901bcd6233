/** An alarm as CloudWatch's answers show it. */
import type { Output } from '../../protocols/protocol.js';
import { isPercentile } from '../metrics/bucket.js';
import { describeMetricStat, writeDimensions } from '../operation.js';
import {
  isComposite,
  type Alarm,
  type MetricAlarm,
  type MetricDataQuery,
  type MetricStat,
} from './alarm.js';

export function describeAlarm(alarm: Alarm): Output {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAtMs),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    StateValue: alarm.state.value,
    StateReason: alarm.state.reason,
    StateReasonData: alarm.state.reasonData,
    StateUpdatedTimestamp: new Date(alarm.state.updatedAtMs),
    StateTransitionedTimestamp: new Date(alarm.state.transitionedAtMs),
    ...(isComposite(alarm) ? { AlarmRule: alarm.rule } : describeEvaluation(alarm)),
  };
}

function describeEvaluation(alarm: MetricAlarm): Output {
  return {
    ...describeWatches(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.treatMissingData,
  };
}

function describeWatches({ watches }: MetricAlarm): Output {
  return watches.kind === 'metric'
    ? describeMetric(watches.stat)
    : { Metrics: watches.queries.map(describeQuery) };
}

function describeMetric(stat: MetricStat): Output {
  const isExtended = isPercentile(stat.statistic);
  return {
    MetricName: stat.name,
    Namespace: stat.namespace,
    ...(isExtended ? { ExtendedStatistic: stat.statistic } : { Statistic: stat.statistic }),
    Dimensions: writeDimensions(stat.dimensions),
    Period: stat.periodSeconds,
    Unit: stat.unit,
  };
}

function describeQuery(query: MetricDataQuery): Output {
  return {
    Id: query.id,
    MetricStat: query.stat && describeMetricStat(query.stat),
    Expression: query.expression,
    Label: query.label,
    ReturnData: query.returnData,
    Period: query.periodSeconds,
  };
}
