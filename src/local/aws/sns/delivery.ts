/**
 * Brings messages to subscribers: mail into the mailbox at once, HTTP through an outbox that survives a restart.
 *
 * A POST that fails is tried again as SNS's default delivery policy says; then it is given up, with a line in the log.
 * While a topic's region is down its deliveries wait.
 */
import { randomUUID } from 'node:crypto';

import type { CloudBeneathNotifications, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import { accepts } from './filter/accepts.js';
import { storedFilterPolicy } from './filter/filter-policy.js';
import type { Mailbox } from './mailbox.js';
import {
  confirmationEnvelope,
  confirmationMail,
  envelope,
  mailBody,
  senderOf,
  textFor,
  type Message,
} from './message.js';
import { HTTP_RETRIES } from './topic-attributes.js';
import type { Subscription, Topic, Topics } from './topics.js';

interface Post {
  readonly id: string;
  readonly region: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly triesLeft: number;
  readonly topicName: string;
}

const POST_TIMEOUT_MS = 15_000;

export class Delivery {
  private readonly stopping = new AbortController();
  private readonly underWay = new Map<string, Promise<void>>();

  private constructor(
    private readonly cloud: CloudBeneathNotifications,
    private readonly topics: Topics,
    private readonly mailbox: Mailbox,
    private readonly outbox: DurableMap<Post>,
    private readonly endpointOf: (region: string) => string,
  ) {}

  static async open(
    cloud: CloudBeneathNotifications,
    topics: Topics,
    mailbox: Mailbox,
    endpointOf: (region: string) => string,
  ): Promise<Delivery> {
    const outbox = await cloud.state.map<Post>('sns.outbox');
    const delivery = new Delivery(cloud, topics, mailbox, outbox, endpointOf);
    for (const post of outbox.values()) delivery.send(post);
    return delivery;
  }

  /** Resolves when every subscriber's copy is stored. */
  async deliver(topic: Topic, message: Message): Promise<void> {
    const confirmed = this.topics
      .subscriptionsOf(topic.arn)
      .filter(({ isConfirmed }) => isConfirmed);
    const taking = confirmed.filter((subscription) => this.isTaken(topic, subscription, message));
    await Promise.all(taking.map((subscription) => this.hand(topic, subscription, message)));
  }

  /** Asks the subscriber to confirm. */
  async askToConfirm(topic: Topic, subscription: Subscription): Promise<void> {
    const query = new URLSearchParams({
      Action: 'ConfirmSubscription',
      TopicArn: topic.arn,
      Token: subscription.token,
    });
    const subscribeUrl = `${this.endpointOf(topic.region)}/?${query.toString()}`;
    const id = randomUUID();
    const json = confirmationEnvelope(subscription, id, subscribeUrl);
    if (subscription.protocol === 'http' || subscription.protocol === 'https') {
      await this.post(topic, subscription, id, 'SubscriptionConfirmation', json);
      return;
    }
    await this.mailbox.receive({
      to: subscription.endpoint,
      from: senderOf(topic),
      subject: 'AWS Notification - Subscription Confirmation',
      body: subscription.protocol === 'email' ? confirmationMail(subscription, subscribeUrl) : json,
      topicArn: topic.arn,
      sentAtMs: this.cloud.clock.now(),
    });
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.underWay.values());
  }

  private isTaken(topic: Topic, subscription: Subscription, message: Message): boolean {
    const { filterPolicy, filterPolicyScope = 'MessageAttributes', protocol } = subscription;
    if (filterPolicy === undefined) return true;
    const policy = storedFilterPolicy(filterPolicy, filterPolicyScope);
    const isTaken = accepts(policy, filterPolicyScope, message, protocol);
    if (!isTaken) this.count(topic.region, topic.name, 'NumberOfNotificationsFilteredOut');
    return isTaken;
  }

  private async hand(topic: Topic, subscription: Subscription, message: Message): Promise<void> {
    const { protocol, arn } = subscription;
    const query = new URLSearchParams({ Action: 'Unsubscribe', SubscriptionArn: arn });
    const unsubscribeUrl = `${this.endpointOf(topic.region)}/?${query.toString()}`;
    const json = envelope(message, subscription, unsubscribeUrl);
    if (protocol === 'http' || protocol === 'https') {
      const body = subscription.rawMessageDelivery ? textFor(message, protocol) : json;
      await this.post(topic, subscription, message.id, 'Notification', body);
      return;
    }
    if (protocol === 'sqs') {
      await this.enqueue(topic, subscription, message, json);
      return;
    }
    await this.mailbox.receive({
      to: subscription.endpoint,
      from: senderOf(topic),
      subject: message.subject ?? 'AWS Notification Message',
      body: protocol === 'email' ? mailBody(message, subscription, unsubscribeUrl) : json,
      topicArn: topic.arn,
      sentAtMs: message.sentAtMs,
    });
    this.count(topic.region, topic.name, 'NumberOfNotificationsDelivered');
  }

  /** A queue that does not let the topic in loses the message, as in SNS without a dead-letter queue. */
  private async enqueue(
    topic: Topic,
    subscription: Subscription,
    message: Message,
    json: string,
  ): Promise<void> {
    const isRaw = subscription.rawMessageDelivery;
    try {
      await this.cloud.queues.send({
        service: 'sns.amazonaws.com',
        sourceArn: topic.arn,
        queueArn: subscription.endpoint,
        body: isRaw ? textFor(message, 'sqs') : json,
        attributes: isRaw ? queueAttributes(message) : {},
      });
      this.count(topic.region, topic.name, 'NumberOfNotificationsDelivered');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.cloud.log.warn('notification given up', { queue: subscription.endpoint, error });
      this.count(topic.region, topic.name, 'NumberOfNotificationsFailed');
    }
  }

  private async post(
    topic: Topic,
    subscription: Subscription,
    messageId: string,
    type: string,
    body: string,
  ): Promise<void> {
    const post: Post = {
      id: randomUUID(),
      region: topic.region,
      url: subscription.endpoint,
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-message-type': type,
        'x-amz-sns-message-id': messageId,
        'x-amz-sns-topic-arn': topic.arn,
        ...(type === 'Notification' && { 'x-amz-sns-subscription-arn': subscription.arn }),
        ...(subscription.rawMessageDelivery && { 'x-amz-sns-rawdelivery': 'true' }),
      },
      body,
      triesLeft: HTTP_RETRIES.count + 1,
      topicName: topic.name,
    };
    await this.outbox.set(post.id, post);
    this.send(post);
  }

  private send(post: Post): void {
    const sent = this.sendUntilDone(post).finally(() => this.underWay.delete(post.id));
    this.underWay.set(post.id, sent);
  }

  private async sendUntilDone(post: Post): Promise<void> {
    const { log } = this.cloud;
    for (let left = post.triesLeft; left > 0; left -= 1) {
      await this.untilUp(post.region);
      if (this.isStopping()) return;
      const failure = await this.attempt(post);
      if (failure === undefined) {
        this.count(post.region, post.topicName, 'NumberOfNotificationsDelivered');
        await this.outbox.delete(post.id);
        return;
      }
      log.debug('notification not taken', { url: post.url, failure, triesLeft: left - 1 });
      if (left === 1) break;
      await this.outbox.set(post.id, { ...post, triesLeft: left - 1 });
      await this.cloud.clock.sleep(HTTP_RETRIES.delaySeconds * 1000, this.stopping.signal);
      if (this.isStopping()) return;
    }
    log.warn('notification given up', { url: post.url, topic: post.topicName });
    this.count(post.region, post.topicName, 'NumberOfNotificationsFailed');
    await this.outbox.delete(post.id);
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Why the endpoint did not take it, or undefined where it did. */
  private async attempt({ url, headers, body }: Post): Promise<string | undefined> {
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(POST_TIMEOUT_MS)]);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal,
        redirect: 'error',
      });
      await response.arrayBuffer();
      return response.ok ? undefined : `HTTP ${response.status}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async untilUp(region: string): Promise<void> {
    const { network } = this.cloud;
    const { signal } = this.stopping;
    if (network.isUp(region) || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!network.isUp(region) && !signal.aborted) return;
        stop();
        signal.removeEventListener('abort', look);
        resolve();
      };
      const stop = network.onChange(look);
      signal.addEventListener('abort', look);
    });
  }

  private count(region: string, topicName: string, name: string): void {
    this.cloud.metrics.record({
      region,
      namespace: 'AWS/SNS',
      name,
      dimensions: { TopicName: topicName },
      value: 1,
      unit: 'Count',
    });
  }
}

function queueAttributes({ attributes }: Message) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => [
      name,
      { DataType: Type, ...(Type === 'Binary' ? { BinaryValue: Value } : { StringValue: Value }) },
    ]),
  );
}
