/**
 * What CloudWatch keeps of the values of one metric in one stretch of time, and the statistics that come of it.
 */
export interface Bucket {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** How often each value was seen, the value rounded to three digits: enough for percentiles, and bounded. */
  readonly histogram: Readonly<Record<string, number>>;
}

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof STATISTICS)[number];

export function bucketOf(value: number, count = 1): Bucket {
  return {
    sum: value * count,
    count,
    min: value,
    max: value,
    histogram: { [roundedTo3(value)]: count },
  };
}

export function merge(a: Bucket, b: Bucket): Bucket {
  const histogram: Record<string, number> = { ...a.histogram };
  for (const [value, count] of Object.entries(b.histogram)) {
    histogram[value] = (histogram[value] ?? 0) + count;
  }
  return {
    sum: a.sum + b.sum,
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    histogram,
  };
}

/** `Sum`, … or a percentile such as `p99.9`; undefined where the bucket cannot say. */
export function statisticOf(bucket: Bucket, statistic: string): number | undefined {
  switch (statistic as Statistic) {
    case 'SampleCount':
      return bucket.count;
    case 'Average':
      return bucket.count === 0 ? undefined : bucket.sum / bucket.count;
    case 'Sum':
      return bucket.sum;
    case 'Minimum':
      return bucket.min;
    case 'Maximum':
      return bucket.max;
    default:
      return percentile(bucket, Number(statistic.slice(1)));
  }
}

/** Whether a name is one of the statistics, or a percentile from p0.0 to p100. */
export function isStatistic(name: string): boolean {
  return (STATISTICS as readonly string[]).includes(name) || isPercentile(name);
}

export function isPercentile(name: string): boolean {
  return /^p(?:\d{1,2}(?:\.\d{1,10})?|100)$/.test(name);
}

function percentile({ histogram, min, max }: Bucket, percent: number): number | undefined {
  const values = Object.entries(histogram)
    .map(([value, count]): [number, number] => [Number(value), count])
    .sort(([a], [b]) => a - b);
  const total = values.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return undefined;
  if (percent >= 100) return max;
  let seen = 0;
  for (const [value, count] of values) {
    seen += count;
    if (seen >= (total * percent) / 100) return Math.min(Math.max(value, min), max);
  }
  return max;
}

function roundedTo3(value: number): string {
  return String(Number(value.toPrecision(3)));
}
