/** The values an alarm compares: of its metric, or of its metric math, period by period. */
import { evaluateExpression, type MathScope, type Series } from '../math/evaluate.js';
import { ExpressionError, parseExpression } from '../math/expression.js';
import type { MetricStore } from '../metrics/metric-store.js';
import { identityOf, type AlarmSettings, type MetricDataQuery, type MetricStat } from './alarm.js';

export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

export function seriesOfAlarm(
  alarm: AlarmSettings,
  region: string,
  metrics: MetricStore,
  range: TimeRange,
  periodSeconds: number,
): Series {
  if (alarm.watches.kind === 'metric') {
    return seriesOfStat(alarm.watches.stat, region, metrics, range);
  }
  const returned = alarm.watches.queries.find(({ returnData }) => returnData);
  if (returned === undefined) throw new ExpressionError('no query returns data');
  return seriesOfQueries(alarm.watches.queries, region, metrics, range, periodSeconds).of(
    returned.id,
  );
}

export interface QueryResults {
  /** Throws `ExpressionError`. */
  of(id: string): Series;
}

/** Lazily: each query is computed when first asked for, and once. */
export function seriesOfQueries(
  queries: readonly MetricDataQuery[],
  region: string,
  metrics: MetricStore,
  range: TimeRange,
  periodSeconds: number,
): QueryResults {
  const results = new Map<string, Series>();
  const open = new Set<string>();
  const compute = ({ id, stat, expression }: MetricDataQuery): Series => {
    if (stat !== undefined) return seriesOfStat(stat, region, metrics, range);
    if (open.has(id)) throw new ExpressionError(`${id} depends on itself`);
    open.add(id);
    const series = evaluateExpression(parseExpression(expression ?? ''), scope);
    open.delete(id);
    return series;
  };
  const of = (id: string): Series => {
    const query = queries.find((candidate) => candidate.id === id);
    if (query === undefined) throw new ExpressionError(`there is no query ${id}`);
    const series = results.get(id) ?? compute(query);
    results.set(id, series);
    return series;
  };
  const scope: MathScope = {
    series: of,
    metrics: () => queries.filter(({ stat }) => stat !== undefined).map(({ id }) => of(id)),
    times: timesOf(range, periodSeconds),
  };
  return { of };
}

function seriesOfStat(
  stat: MetricStat,
  region: string,
  metrics: MetricStore,
  { startMs, endMs }: TimeRange,
): Series {
  const { statistic, periodSeconds, unit } = stat;
  const query = { ...identityOf(region, stat), statistic, periodSeconds, unit };
  return new Map(metrics.datapoints(query, startMs, endMs).map(({ atMs, value }) => [atMs, value]));
}

export function timesOf({ startMs, endMs }: TimeRange, periodSeconds: number): number[] {
  const periodMs = periodSeconds * 1000;
  const count = Math.max(0, Math.ceil((endMs - startMs) / periodMs));
  return Array.from({ length: count }, (_, i) => startMs + i * periodMs);
}
