/** When the people of one region are told: the function fails at payments, or the table refuses reads and writes. */
import { Construct } from 'constructs';
import { MetricAlarm } from '../../model/managed/alarms.js';
import { NAMES } from '../../model/names.js';
import type { Site } from '../../model/regions.js';
import { ManagedTemplate } from '../template/managed-template.js';

type AlarmTemplate = ManagedTemplate<typeof MetricAlarm>;

/** No data is good news: a function that nobody calls publishes none. DynamoDB alarms ignore it whatever is said. */
const COMPARISON = {
  comparisonOperator: 'GreaterThanThreshold',
  treatMissingData: 'notBreaching',
} as const;

export class Alarms extends Construct {
  constructor(scope: Construct, site: Site) {
    super(scope, `alarms-${site}`);
    speakToOwnTopic(this.#functionErrors(site), site, 'lambdaErrors');
    speakToOwnTopic(this.#tableThrottles(site), site, 'tableThrottles');
  }

  #functionErrors(site: Site): AlarmTemplate {
    return new ManagedTemplate(this, `alarm-lambda-errors-${site}`, MetricAlarm, {
      named: NAMES.functionErrorsAlarm[site],
      site,
      forProvider: {
        alarmDescription:
          'The function fails at payments. Their callers try again; see its log for why.',
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        statistic: 'Sum',
        ...COMPARISON,
      },
    })
      .fill('spec.forProvider.dimensions.FunctionName', NAMES.function[site], { required: true })
      .copy('spec.alarms.lambdaErrors.periodSeconds', 'spec.forProvider.period', {
        required: true,
      });
  }

  /** Reads and writes that were refused have metrics of their own, by table. UserErrors has no such dimension. */
  #tableThrottles(site: Site): AlarmTemplate {
    const throttled = (id: string, metricName: string) =>
      ({
        id,
        returnData: false,
        metric: { namespace: 'AWS/DynamoDB', metricName, stat: 'Sum' },
      }) as const;
    const alarm = new ManagedTemplate(this, `alarm-table-throttles-${site}`, MetricAlarm, {
      named: NAMES.tableThrottlesAlarm[site],
      site,
      forProvider: {
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
        ...COMPARISON,
      },
    });
    for (const query of [1, 2] as const) {
      alarm
        .fill(`spec.forProvider.metricQuery[${query}].metric.dimensions.TableName`, NAMES.table, {
          required: true,
        })
        .copy(
          'spec.alarms.tableThrottles.periodSeconds',
          `spec.forProvider.metricQuery[${query}].metric.period`,
          {
            required: true,
          },
        );
    }
    return alarm;
  }
}

/** An alarm can only speak to a topic of its own region. No selector finds topics for alarms, so the ARN is awaited. */
function speakToOwnTopic(
  alarm: AlarmTemplate,
  site: Site,
  which: 'lambdaErrors' | 'tableThrottles',
): void {
  alarm
    .copy(`spec.alarms.${which}.threshold`, 'spec.forProvider.threshold', { required: true })
    .copy(`spec.alarms.${which}.evaluationPeriods`, 'spec.forProvider.evaluationPeriods', {
      required: true,
    })
    .copy(`status.${site}.topic.arn`, 'spec.forProvider.alarmActions[0]', { required: true })
    .report('status.atProvider.arn', `status.${site}.alarms.${which}Arn`);
}
