/**
 * When the people of one region are told: payments fail, or records and audit objects do not get to where they should be.
 *
 * Why these alarms, and why none on silence: docs/decisions/0006.
 */
import { Construct } from 'constructs';
import type { AlarmName } from '../../model/claim/alarms.js';
import { MetricAlarm } from '../../model/managed/alarms.js';
import { NAMES } from '../../model/names.js';
import { otherSite, type Site } from '../../model/regions.js';
import { arnAt } from '../policy.js';
import { ManagedTemplate, type ManagedTemplateProps } from '../template/managed-template.js';
import { multiplied } from '../template/patches.js';
import { REPLICATION_RULE } from './replication.js';

type AlarmTemplate = ManagedTemplate<typeof MetricAlarm>;
type Watched = ManagedTemplateProps<typeof MetricAlarm>['forProvider'];

/** Each alarm's name in AWS, and the part of its template's name that says what it is on. */
const ALARMS = {
  lambdaErrors: { names: NAMES.functionErrorsAlarm, on: 'lambda-errors' },
  undeliveredFailures: { names: NAMES.undeliveredFailuresAlarm, on: 'undelivered-failures' },
  tableThrottles: { names: NAMES.tableThrottlesAlarm, on: 'table-throttles' },
  tableReplicationLatency: {
    names: NAMES.tableReplicationLatencyAlarm,
    on: 'table-replication-latency',
  },
  auditReplicationLatency: {
    names: NAMES.auditReplicationLatencyAlarm,
    on: 'audit-replication-latency',
  },
  auditReplicationFailures: {
    names: NAMES.auditReplicationFailuresAlarm,
    on: 'audit-replication-failures',
  },
} as const satisfies Record<AlarmName, { names: Record<Site, string>; on: string }>;

/** The alarms of a region, which its topic has to let in. */
export function alarmArns(site: Site): string[] {
  return Object.values(ALARMS).map(({ names }) =>
    arnAt(site, 'cloudwatch', `alarm:${names[site]}`),
  );
}

/** The thresholds that the claim gives as a number of things; the others are times. */
type Counting = Exclude<AlarmName, 'tableReplicationLatency' | 'auditReplicationLatency'>;

export class Alarms extends Construct {
  constructor(
    scope: Construct,
    private readonly site: Site,
  ) {
    super(scope, `alarms-${site}`);
    this.#lambdaErrors();
    this.#undeliveredFailures();
    this.#tableThrottles();
    this.#tableReplicationLatency();
    this.#auditReplicationLatency();
    this.#auditReplicationFailures();
  }

  #lambdaErrors(): void {
    const alarm = this.#counting('lambdaErrors', {
      alarmDescription:
        'The function fails at payments. Their callers try again; see its log for why.',
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      statistic: 'Sum',
    });
    ofFunction(alarm, this.site);
  }

  /** What is given up goes to the topic itself: this is about what did not get there. */
  #undeliveredFailures(): void {
    const alarm = this.#counting('undeliveredFailures', {
      alarmDescription:
        'Asynchronous payments were given up, and the topic could not be told which. Their senders have to send them again.',
      namespace: 'AWS/Lambda',
      metricName: 'DestinationDeliveryFailures',
      statistic: 'Sum',
    });
    ofFunction(alarm, this.site);
  }

  /** Reads and writes that were refused have metrics of their own, by table. UserErrors has no such dimension. */
  #tableThrottles(): void {
    const throttled = (id: string, metricName: string) =>
      ({
        id,
        returnData: false,
        metric: { namespace: 'AWS/DynamoDB', metricName, stat: 'Sum' },
      }) as const;
    const alarm = this.#counting('tableThrottles', {
      alarmDescription:
        'The table of payments refuses reads or writes as too many; payments are slow or fail.',
      metricQuery: [
        {
          id: 'throttled',
          // DynamoDB publishes nothing where nothing was refused: one kind alone must count too.
          expression: 'FILL(reads, 0) + FILL(writes, 0)',
          label: 'Reads and writes that the table refused',
          returnData: true,
        },
        throttled('reads', 'ReadThrottleEvents'),
        throttled('writes', 'WriteThrottleEvents'),
      ],
    });
    for (const query of [1, 2] as const) {
      alarm
        .fill(`spec.forProvider.metricQuery[${query}].metric.dimensions.TableName`, NAMES.table, {
          required: true,
        })
        .copy(
          'spec.alarms.tableThrottles.periodSeconds',
          `spec.forProvider.metricQuery[${query}].metric.period`,
          { required: true },
        );
    }
  }

  /** DynamoDB publishes it where the records come from, in milliseconds; in strong mode not at all. */
  #tableReplicationLatency(): void {
    this.#alarm('tableReplicationLatency', {
      alarmDescription:
        'Records of payments reach the other region late. Should this region be lost now, it takes them with it until it returns.',
      namespace: 'AWS/DynamoDB',
      metricName: 'ReplicationLatency',
      statistic: 'Average',
    })
      .copy('spec.alarms.tableReplicationLatency.thresholdSeconds', 'spec.forProvider.threshold', {
        required: true,
        transforms: [multiplied(1000)],
      })
      .fill('spec.forProvider.dimensions.TableName', NAMES.table, { required: true })
      .copy(`spec.regions.${otherSite(this.site)}`, 'spec.forProvider.dimensions.ReceivingRegion', {
        required: true,
      });
  }

  /** S3 publishes it where the objects go, and only the longest delay of each minute. */
  #auditReplicationLatency(): void {
    const alarm = this.#alarm('auditReplicationLatency', {
      alarmDescription:
        'Audit objects of the other region reach this one late. Should the other region be lost now, it takes them with it until it returns.',
      namespace: 'AWS/S3',
      dimensions: { RuleId: REPLICATION_RULE },
      metricName: 'ReplicationLatency',
      statistic: 'Maximum',
    }).copy('spec.alarms.auditReplicationLatency.thresholdSeconds', 'spec.forProvider.threshold', {
      required: true,
    });
    ofReplication(alarm, otherSite(this.site));
  }

  /** S3 publishes it where the objects come from. */
  #auditReplicationFailures(): void {
    const alarm = this.#counting('auditReplicationFailures', {
      alarmDescription:
        'S3 could not copy audit objects to the other region, and does not try again. They have the replication status FAILED; S3 Batch Replication copies them once the cause is gone.',
      namespace: 'AWS/S3',
      dimensions: { RuleId: REPLICATION_RULE },
      metricName: 'OperationsFailedReplication',
      statistic: 'Sum',
    });
    ofReplication(alarm, this.site);
  }

  #counting(which: Counting, watched: Watched): AlarmTemplate {
    return this.#alarm(which, watched).copy(
      `spec.alarms.${which}.threshold`,
      'spec.forProvider.threshold',
      { required: true },
    );
  }

  /** An alarm can only speak to a topic of its own region. No selector finds topics for alarms, so the ARN is awaited. */
  #alarm(which: AlarmName, watched: Watched): AlarmTemplate {
    const { site } = this;
    const { names, on } = ALARMS[which];
    const alarm = new ManagedTemplate(this, `alarm-${on}-${site}`, MetricAlarm, {
      named: names[site],
      site,
      forProvider: {
        ...watched,
        comparisonOperator: 'GreaterThanThreshold',
        // No data is good news: what does not happen is not published. DynamoDB's alarms ignore this, and keep their state.
        treatMissingData: 'notBreaching',
      },
    })
      .copy(`spec.alarms.${which}.evaluationPeriods`, 'spec.forProvider.evaluationPeriods', {
        required: true,
      })
      .copy(`status.${site}.topic.arn`, 'spec.forProvider.alarmActions[0]', { required: true })
      .report('status.atProvider.arn', `status.${site}.alarms.${which}Arn`);
    // An expression takes its period from the metrics in it.
    if (watched.metricQuery === undefined) {
      alarm.copy(`spec.alarms.${which}.periodSeconds`, 'spec.forProvider.period', {
        required: true,
      });
    }
    return alarm;
  }
}

function ofFunction(alarm: AlarmTemplate, site: Site): void {
  alarm.fill('spec.forProvider.dimensions.FunctionName', NAMES.function[site], { required: true });
}

function ofReplication(alarm: AlarmTemplate, from: Site): void {
  alarm
    .fill('spec.forProvider.dimensions.SourceBucket', NAMES.bucket[from], { required: true })
    .fill('spec.forProvider.dimensions.DestinationBucket', NAMES.bucket[otherSite(from)], {
      required: true,
    });
}
