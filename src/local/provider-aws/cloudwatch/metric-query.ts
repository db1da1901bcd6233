/** One metric or expression of an alarm, in the shape of `forProvider` and in that of CloudWatch. */
import type { Dimension, MetricDataQuery, StandardUnit } from '@aws-sdk/client-cloudwatch';

type Dimensions = Readonly<Record<string, string>>;

export interface MetricQueryParameters {
  readonly id: string;
  readonly accountId?: string | undefined;
  readonly expression?: string | undefined;
  readonly label?: string | undefined;
  readonly period?: number | undefined;
  readonly returnData?: boolean | undefined;
  readonly metric?:
    | {
        readonly namespace?: string | undefined;
        readonly metricName: string;
        readonly dimensions?: Dimensions | undefined;
        readonly period: number;
        readonly stat: string;
        readonly unit?: string | undefined;
      }
    | undefined;
}

export function toMetricQuery(wanted: MetricQueryParameters): MetricDataQuery {
  const { metric } = wanted;
  return {
    Id: wanted.id,
    AccountId: wanted.accountId,
    Expression: wanted.expression,
    Label: wanted.label,
    Period: wanted.period,
    // Open means no, as in the real provider; CloudWatch itself would take it for yes.
    ReturnData: wanted.returnData ?? false,
    ...(metric && {
      MetricStat: {
        Metric: {
          Namespace: metric.namespace,
          MetricName: metric.metricName,
          Dimensions: toDimensions(metric.dimensions),
        },
        Period: metric.period,
        Stat: metric.stat,
        Unit: metric.unit as StandardUnit | undefined,
      },
    }),
  };
}

export function fromMetricQuery(query: MetricDataQuery): MetricQueryParameters {
  const stat = query.MetricStat;
  return {
    id: query.Id ?? '',
    accountId: query.AccountId,
    expression: query.Expression,
    label: query.Label,
    period: query.Period,
    returnData: query.ReturnData ?? false,
    metric: stat && {
      namespace: stat.Metric?.Namespace,
      metricName: stat.Metric?.MetricName ?? '',
      dimensions: fromDimensions(stat.Metric?.Dimensions),
      period: stat.Period ?? 0,
      stat: stat.Stat ?? '',
      unit: stat.Unit,
    },
  };
}

export function toDimensions(dimensions: Dimensions | undefined): Dimension[] {
  return Object.entries(dimensions ?? {}).map(([Name, Value]) => ({ Name, Value }));
}

export function fromDimensions(dimensions: readonly Dimension[] | undefined): Dimensions {
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}
