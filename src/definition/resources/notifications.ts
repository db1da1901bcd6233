/** Whom the alarms and given up payments of one region tell: a topic that CloudWatch may publish to and a person hears. */
import { Construct } from 'constructs';
import { NOTHING } from '../../model/claim/status.js';
import { SITE_LABEL } from '../../model/labels.js';
import { Topic, TopicPolicy, TopicSubscription } from '../../model/managed/topics.js';
import { NAMES } from '../../model/names.js';
import type { Site } from '../../model/regions.js';
import { ACCOUNT, policyDocument, topicArn } from '../policy.js';
import { ManagedTemplate } from '../template/managed-template.js';
import { present } from '../template/patches.js';
import { ofSameClaim } from '../template/selectors.js';
import { alarmArns } from './alarms.js';

export class Notifications extends Construct {
  constructor(scope: Construct, site: Site) {
    super(scope, `notifications-${site}`);
    const common = { named: NAMES.topic[site], site } as const;
    const topic = ofSameClaim({ [SITE_LABEL]: site });

    new ManagedTemplate(this, `topic-${site}`, Topic, {
      ...common,
      forProvider: { displayName: 'payments-dr' },
    })
      .report('status.atProvider.arn', `status.${site}.topic.arn`)
      .report('status.atProvider.arn', `status.waitsFor.${site}Topic`, present(NOTHING));

    new ManagedTemplate(this, `topic-policy-${site}`, TopicPolicy, {
      ...common,
      forProvider: { arnSelector: topic },
    }).fill('spec.forProvider.policy', alarmsMayPublish(site), { required: true });

    new ManagedTemplate(this, `topic-subscription-${site}`, TopicSubscription, {
      ...common,
      forProvider: { topicArnSelector: topic, protocol: 'email' },
    }).copy('spec.notifications.email', 'spec.forProvider.endpoint', { required: true });
  }
}

/**
 * Only these alarms, of this account: else anybody's alarm could speak in our name. Lambda, which tells of payments that were
 * given up, publishes under the function's role and by the rights of that.
 */
function alarmsMayPublish(site: Site): string {
  return policyDocument({
    Sid: 'AlarmsMayPublish',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: topicArn(site),
    Condition: {
      StringEquals: { 'aws:SourceAccount': ACCOUNT },
      ArnEquals: { 'aws:SourceArn': alarmArns(site) },
    },
  });
}
