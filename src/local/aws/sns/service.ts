/**
 * SNS: topics with policies, subscribers by e-mail (a local mailbox), HTTP and SQS, and messages to them that their filter
 * policies accept.
 *
 * Refused: FIFO topics, dead-letter queues, SMS, Lambda and mobile subscribers.
 */
import type { CloudBeneathNotifications, Cloud } from '../cloud.js';
import { createOperationService } from '../protocols/operation-service.js';
import { queryProtocol } from '../protocols/query.js';
import type { Service } from '../service.js';
import { Delivery } from './delivery.js';
import { Mailbox } from './mailbox.js';
import { SNS_WORDING, type SnsContext, type SnsOperation } from './operation.js';
import { createTopic } from './operations/create-topic.js';
import { publish, publishBatch } from './operations/publish.js';
import { subscribe } from './operations/subscribe.js';
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  unsubscribe,
} from './operations/subscriptions.js';
import { listTagsForResource, tagResource, untagResource } from './operations/topic-tags.js';
import {
  deleteTopic,
  getTopicAttributes,
  listTopics,
  setTopicAttributes,
} from './operations/topics.js';
import { Publication } from './publication.js';
import { Topics } from './topics.js';

const OPERATIONS: readonly SnsOperation[] = [
  confirmSubscription,
  createTopic,
  deleteTopic,
  getSubscriptionAttributes,
  getTopicAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  listTagsForResource,
  listTopics,
  publish,
  publishBatch,
  setSubscriptionAttributes,
  setTopicAttributes,
  subscribe,
  tagResource,
  unsubscribe,
  untagResource,
];

export interface Sns extends SnsContext {
  readonly mailbox: Mailbox;
}

/** What SNS does without being called: it delivers. `endpointOf` gives the address that links in messages lead to. */
export async function openSns(
  cloud: CloudBeneathNotifications,
  endpointOf: (region: string) => string,
): Promise<Sns> {
  const topics = await Topics.open(cloud.state, cloud.clock.now());
  const mailbox = await Mailbox.open(cloud.state);
  const delivery = await Delivery.open(cloud, topics, mailbox, endpointOf);
  return { topics, mailbox, delivery, publication: new Publication(cloud, topics, delivery) };
}

export function createSns(cloud: Cloud, sns: Sns): Service {
  return createOperationService<SnsContext>({
    signingName: 'sns',
    cloud,
    context: sns,
    protocols: [
      queryProtocol({
        xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
        version: '2010-03-31',
      }),
    ],
    wording: SNS_WORDING,
    operations: OPERATIONS,
    denial: { code: 'AuthorizationError', status: 403 },
    close: () => sns.delivery.close(),
  });
}
