/**
 * The names of everything that a claim owns in AWS. They are a contract: alarms, dashboards and people know them.
 *
 * A name is a pattern over the composite resource: `{spec.environmentSuffix}` stands for the value of that field. The
 * Composition turns the pattern into a patch; whoever has the values renders it.
 */
import type { Site } from './regions.js';

export const BUCKET_PREFIX = 'payment-audit';

const SUFFIX = '{spec.environmentSuffix}';

export const NAMES = {
  table: `payments-table-${SUFFIX}`,
  bucket: {
    primary: `{spec.bucketPrefix}-primary-${SUFFIX}`,
    secondary: `{spec.bucketPrefix}-secondary-${SUFFIX}`,
  },
  replicationRole: `s3-replication-role-${SUFFIX}`,
  functionRole: `payment-lambda-role-${SUFFIX}`,
  function: {
    primary: `payment-processor-primary-${SUFFIX}`,
    secondary: `payment-processor-secondary-${SUFFIX}`,
  },
  topic: {
    primary: `payment-notifications-primary-${SUFFIX}`,
    secondary: `payment-notifications-secondary-${SUFFIX}`,
  },
  functionErrorsAlarm: {
    primary: `payment-lambda-errors-primary-${SUFFIX}`,
    secondary: `payment-lambda-errors-secondary-${SUFFIX}`,
  },
  tableThrottlesAlarm: {
    primary: `payments-table-throttle-${SUFFIX}`,
    secondary: `payments-table-throttle-secondary-${SUFFIX}`,
  },
  undeliveredFailuresAlarm: {
    primary: `payment-lambda-undelivered-primary-${SUFFIX}`,
    secondary: `payment-lambda-undelivered-secondary-${SUFFIX}`,
  },
  tableReplicationLatencyAlarm: {
    primary: `payments-table-replication-latency-primary-${SUFFIX}`,
    secondary: `payments-table-replication-latency-secondary-${SUFFIX}`,
  },
  auditReplicationLatencyAlarm: {
    primary: `payments-s3-replication-latency-primary-${SUFFIX}`,
    secondary: `payments-s3-replication-latency-secondary-${SUFFIX}`,
  },
  auditReplicationFailuresAlarm: {
    primary: `payments-s3-replication-failures-primary-${SUFFIX}`,
    secondary: `payments-s3-replication-failures-secondary-${SUFFIX}`,
  },
} as const satisfies Record<string, string | Record<Site, string>>;

/** What the names depend on. */
export interface Naming {
  readonly environmentSuffix: string;
  /** @default payment-audit */
  readonly bucketPrefix?: string;
}

type Rendered<P> = P extends string ? string : { readonly [K in keyof P]: Rendered<P[K]> };
export type AwsNames = Rendered<typeof NAMES>;

/** The names of one claim. */
export function awsNames({ environmentSuffix, bucketPrefix = BUCKET_PREFIX }: Naming): AwsNames {
  const render = <P>(pattern: P): Rendered<P> =>
    (typeof pattern === 'string'
      ? pattern
          .replace('{spec.environmentSuffix}', environmentSuffix)
          .replace('{spec.bucketPrefix}', bucketPrefix)
      : Object.fromEntries(
          Object.entries(pattern as Record<string, unknown>).map(([key, inner]) => [
            key,
            render(inner),
          ]),
        )) as Rendered<P>;
  return render(NAMES);
}

/** How many characters of a name the pattern itself takes. */
export function fixedLength(pattern: string): number {
  return pattern.replaceAll(/\{[^}]*\}/g, '').length;
}
