/** Alarms as stored, of a metric and of other alarms: what they watch, and the state they are in. */
import type { MetricIdentity } from '../metrics/metric-store.js';

export const COMPARISONS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const MISSING_DATA = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type MissingData = (typeof MISSING_DATA)[number];

export const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
export type StateValue = (typeof STATES)[number];

/** A metric with its statistic, as an alarm or a query names it. */
export interface MetricStat {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  /** `Sum`, `p99`, … */
  readonly statistic: string;
  readonly unit?: string | undefined;
}

/** One of the queries of metric math: a metric, or an expression over the others. */
export interface MetricDataQuery {
  readonly id: string;
  readonly stat?: MetricStat | undefined;
  readonly expression?: string | undefined;
  readonly label?: string | undefined;
  readonly returnData: boolean;
  readonly periodSeconds?: number | undefined;
}

/** What every alarm has, whatever it watches. */
export interface CommonSettings {
  readonly name: string;
  readonly description?: string | undefined;
  readonly actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
}

export interface AlarmSettings extends CommonSettings {
  /** One metric, or metric math of which one query returns data. */
  readonly watches:
    | { readonly kind: 'metric'; readonly stat: MetricStat }
    | { readonly kind: 'math'; readonly queries: readonly MetricDataQuery[] };
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number | undefined;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatMissingData?: MissingData | undefined;
}

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string | undefined;
  /** When the state was last set, to another value or with another reason. */
  readonly updatedAtMs: number;
  /** When the value last became another. */
  readonly transitionedAtMs: number;
}

interface Standing {
  readonly arn: string;
  readonly region: string;
  readonly configuredAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly state: AlarmState;
}

export interface MetricAlarm extends AlarmSettings, Standing {}

export interface CompositeAlarm extends CommonSettings, Standing {
  /** As it was given: `ALARM("a") AND NOT OK("b")` (`alarm-rule.ts`). */
  readonly rule: string;
}

export type Alarm = MetricAlarm | CompositeAlarm;

export function isComposite(alarm: Alarm): alarm is CompositeAlarm {
  return 'rule' in alarm;
}

/** As the API calls the two kinds. */
export function typeOf(alarm: Alarm): 'CompositeAlarm' | 'MetricAlarm' {
  return isComposite(alarm) ? 'CompositeAlarm' : 'MetricAlarm';
}

/** The period of what is compared, in seconds. */
export function periodSecondsOf({ watches }: AlarmSettings): number {
  if (watches.kind === 'metric') return watches.stat.periodSeconds;
  const returned = watches.queries.find(({ returnData }) => returnData);
  const periods = watches.queries.flatMap(({ stat }) =>
    stat === undefined ? [] : [stat.periodSeconds],
  );
  return returned?.stat?.periodSeconds ?? returned?.periodSeconds ?? Math.max(...periods, 0);
}

export function statsOf({ watches }: AlarmSettings): MetricStat[] {
  return watches.kind === 'metric'
    ? [watches.stat]
    : watches.queries.flatMap(({ stat }) => (stat === undefined ? [] : [stat]));
}

export function actionsFor(alarm: CommonSettings, state: StateValue): readonly string[] {
  switch (state) {
    case 'OK':
      return alarm.okActions;
    case 'ALARM':
      return alarm.alarmActions;
    case 'INSUFFICIENT_DATA':
      return alarm.insufficientDataActions;
  }
}

export function identityOf(
  region: string,
  { namespace, name, dimensions }: MetricStat,
): MetricIdentity {
  return { region, namespace, name, dimensions };
}
