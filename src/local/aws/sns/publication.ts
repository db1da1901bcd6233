/**
 * Publishing: may the publisher, and then to every subscriber.
 *
 * Callers come through the Publish operation, AWS services (CloudWatch's alarms) through `NotificationSink`; the topic's policy decides about both.
 */
import { randomUUID } from 'node:crypto';

import type { CloudBeneathNotifications, NotificationSink } from '../cloud.js';
import { AwsError, type Principal } from '../service.js';
import type { Delivery } from './delivery.js';
import type { Message } from './message.js';
import { policyOf } from './topic-attributes.js';
import type { Topic, Topics } from './topics.js';

/** Encrypts a topic with a key that no other AWS service may use. */
const AWS_MANAGED_KEY = 'alias/aws/sns';

export class Publication implements NotificationSink {
  constructor(
    private readonly cloud: CloudBeneathNotifications,
    private readonly topics: Topics,
    private readonly delivery: Delivery,
  ) {}

  async publish({
    service,
    caller = { kind: 'service', service, accountId: this.cloud.accountId },
    sourceArn,
    topicArn,
    subject,
    message,
  }: Parameters<NotificationSink['publish']>[0]): Promise<void> {
    const { accountId, network, clock } = this.cloud;
    const topic = this.topics.find(topicArn);
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    if (!network.isUp(topic.region))
      throw new AwsError('InternalError', `${topic.region} is down`, 503);
    this.admit(caller, topic, {
      'aws:SourceArn': sourceArn,
      'aws:SourceAccount': accountId,
      'aws:SourceOwner': accountId,
    });
    if (caller.kind === 'service' && topic.attributes.KmsMasterKeyId === AWS_MANAGED_KEY) {
      const reason = `${service} is not allowed to use the key ${AWS_MANAGED_KEY}`;
      throw new AwsError('KMSAccessDenied', reason, 400);
    }
    await this.send(topic, {
      id: randomUUID(),
      subject,
      texts: { default: message },
      attributes: {},
      sentAtMs: clock.now(),
    });
  }

  /** Throws `AwsError` AuthorizationError. */
  admit(caller: Principal, topic: Topic, context: Readonly<Record<string, string>> = {}): void {
    const request = {
      caller,
      action: 'SNS:Publish',
      resource: topic.arn,
      context,
      resourcePolicy: policyOf(topic, this.cloud.accountId),
    };
    try {
      this.cloud.access.authorize(request);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError('AuthorizationError', error.message, 403);
    }
  }

  /** Resolves when every subscriber's copy is stored. */
  async send(topic: Topic, message: Message): Promise<void> {
    await this.delivery.deliver(topic, message);
    const size = Buffer.byteLength(Object.values(message.texts).join(''));
    const dimensions = { TopicName: topic.name };
    const of = { region: topic.region, namespace: 'AWS/SNS', dimensions };
    this.cloud.metrics.record({
      ...of,
      name: 'NumberOfMessagesPublished',
      value: 1,
      unit: 'Count',
    });
    this.cloud.metrics.record({ ...of, name: 'PublishSize', value: size, unit: 'Bytes' });
  }
}
