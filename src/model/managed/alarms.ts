/**
 * CloudWatch: alarms on metrics.
 *
 * `alarmActionsRefs` and `alarmActionsSelector` are not here: in the real provider they find autoscaling policies, not topics.
 */
import { flag, list, map, number, object, text } from '../schema.js';
import { arn, id, region, tags, tagsAll } from './fields.js';
import { defineKind } from './kind.js';

const dimensions = map('Of which thing the metric is.', text('The value of the dimension.'));
const actions = list(
  'Up to five ARNs.',
  text('An ARN, such as that of a topic of the same region.'),
  {
    'x-kubernetes-list-type': 'set',
  },
);

export const MetricAlarm = defineKind({
  kind: 'MetricAlarm',
  plural: 'metricalarms',
  service: 'cloudwatch',
  clusterVersion: 'v1beta2',
  description: 'A CloudWatch alarm on a metric, or on an expression of metrics.',
  externalName: 'given',
  needs: [],
  forProvider: object(
    'What is asked of CloudWatch.',
    {
      region,
      tags,
      alarmDescription: text('What it means, for the person who is woken up.'),
      namespace: text('The namespace of the metric, such as AWS/Lambda.'),
      metricName: text('The metric.'),
      dimensions: { ...dimensions, 'x-kubernetes-map-type': 'granular' },
      statistic: text('How the values of a period become one: Sum, Average, …'),
      period: number('How long CloudWatch sums before it compares, in seconds.'),
      metricQuery: list(
        'Several metrics and an expression of them, instead of one metric.',
        object('A metric or an expression.', {
          id: text('The name by which expressions speak of it.'),
          expression: text('The expression, of other ids.'),
          label: text('What a person reads.'),
          returnData: flag('Whether the alarm watches this one; exactly one is.'),
          metric: object('The metric.', {
            namespace: text('Its namespace.'),
            metricName: text('Its name.'),
            dimensions,
            period: number('How long CloudWatch sums, in seconds.'),
            stat: text('How the values of a period become one.'),
          }),
        }),
      ),
      comparisonOperator: text('How the value is compared with the threshold.'),
      threshold: number('What it is compared with.'),
      evaluationPeriods: number('How many periods are looked at.'),
      datapointsToAlarm: number('In how many of them the threshold must be crossed.'),
      treatMissingData: text(
        'What no data means: missing, ignore, breaching or notBreaching. Ignored for AWS/DynamoDB.',
      ),
      actionsEnabled: flag('Whether actions are taken at all.'),
      alarmActions: actions,
      okActions: actions,
      insufficientDataActions: actions,
    },
    { required: ['region'] },
  ),
  observed: { arn, id, tagsAll },
});
