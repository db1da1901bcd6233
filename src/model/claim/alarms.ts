/**
 * `spec.alarms`: when people are told.
 *
 * Each alarm exists in both regions, on the metrics of its own region. Why these, and why none on silence:
 * docs/decisions/0006.
 */
import { LIMITS } from '../limits.js';
import { integer, object, type Properties } from '../schema.js';

const { alarmWindowSeconds } = LIMITS;

type Timing = Readonly<Record<'periodSeconds' | 'evaluationPeriods', number>>;

const alarm = <const P extends Properties, const D extends Timing>(
  description: string,
  threshold: P,
  defaults: D,
) =>
  object(
    description,
    {
      ...threshold,
      periodSeconds: integer(
        'How long CloudWatch counts before it compares, in seconds: 10, 30 or a multiple of 60.',
        {
          minimum: 10,
          maximum: alarmWindowSeconds.from1h,
          default: defaults.periodSeconds,
          'x-kubernetes-validations': [
            {
              rule: 'self == 10 || self == 30 || self % 60 == 0',
              message: 'periodSeconds must be 10, 30 or a multiple of 60',
            },
          ],
        },
      ),
      evaluationPeriods: integer('In how many periods in a row the threshold must be crossed.', {
        minimum: 1,
        maximum: alarmWindowSeconds.below1h / 10,
        default: defaults.evaluationPeriods,
      }),
    },
    {
      default: { ...defaults },
      'x-kubernetes-validations': [
        {
          rule:
            'self.periodSeconds * self.evaluationPeriods <= ' +
            `(self.periodSeconds < 3600 ? ${alarmWindowSeconds.below1h} : ${alarmWindowSeconds.from1h})`,
          message:
            'periodSeconds × evaluationPeriods must not exceed one day (seven days for periods of an hour or more); lower either',
          fieldPath: '.evaluationPeriods',
        },
      ],
    },
  );

const above = (counted: string, threshold: number) => ({
  threshold: integer(`The alarm goes off above this many ${counted} in one period.`, {
    minimum: 0,
    maximum: 1_000_000_000,
    default: threshold,
  }),
});

const behind = (what: string, thresholdSeconds: number) => ({
  thresholdSeconds: integer(`The alarm goes off when ${what} takes longer than this, in seconds.`, {
    minimum: 1,
    maximum: 86_400,
    default: thresholdSeconds,
  }),
});

const DEFAULTS = {
  lambdaErrors: { threshold: 5, periodSeconds: 60, evaluationPeriods: 2 },
  undeliveredFailures: { threshold: 0, periodSeconds: 60, evaluationPeriods: 1 },
  tableThrottles: { threshold: 10, periodSeconds: 300, evaluationPeriods: 2 },
  tableReplicationLatency: { thresholdSeconds: 30, periodSeconds: 60, evaluationPeriods: 3 },
  auditReplicationLatency: { thresholdSeconds: 900, periodSeconds: 300, evaluationPeriods: 3 },
  auditReplicationFailures: { threshold: 0, periodSeconds: 300, evaluationPeriods: 1 },
} as const;

export const alarms = object(
  'When people are told. Each region has its own alarms, on its own metrics.',
  {
    lambdaErrors: alarm(
      'Payments that the function failed at.',
      above('errors of the function', DEFAULTS.lambdaErrors.threshold),
      DEFAULTS.lambdaErrors,
    ),
    undeliveredFailures: alarm(
      'Asynchronous payments that were given up without anybody being told.',
      above('failures that could not be told', DEFAULTS.undeliveredFailures.threshold),
      DEFAULTS.undeliveredFailures,
    ),
    tableThrottles: alarm(
      'Reads and writes that the table refused as too many.',
      above('throttled reads and writes', DEFAULTS.tableThrottles.threshold),
      DEFAULTS.tableThrottles,
    ),
    tableReplicationLatency: alarm(
      'Records that reach the other region late. With consistency strong there is nothing to be late: this alarm then has no data.',
      behind(
        'a record on its way to the other region',
        DEFAULTS.tableReplicationLatency.thresholdSeconds,
      ),
      DEFAULTS.tableReplicationLatency,
    ),
    auditReplicationLatency: alarm(
      'Audit objects that reach this region late.',
      behind(
        'an audit object from the other region',
        DEFAULTS.auditReplicationLatency.thresholdSeconds,
      ),
      DEFAULTS.auditReplicationLatency,
    ),
    auditReplicationFailures: alarm(
      'Audit objects that S3 could not copy to the other region.',
      above('objects that were not copied', DEFAULTS.auditReplicationFailures.threshold),
      DEFAULTS.auditReplicationFailures,
    ),
  },
  { default: DEFAULTS },
);

export type AlarmName = keyof typeof DEFAULTS;
