/**
 * The topics of every region and their subscriptions, as stored.
 */
import type { CloudState, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import type { FilterScope } from './filter/filter-policy.js';

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly createdAtMs: number;
  /** What was set; what was not has its default. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export type DeliveryProtocol = 'email' | 'email-json' | 'http' | 'https' | 'sqs';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly region: string;
  readonly protocol: DeliveryProtocol;
  readonly endpoint: string;
  readonly createdAtMs: number;
  /** Confirms it. */
  readonly token: string;
  readonly isConfirmed: boolean;
  /** Whether only the account may end it, not whoever has the link. */
  readonly isUnsubscribeAuthenticated: boolean;
  readonly rawMessageDelivery: boolean;
  /** The text of the policy that a message must fit. */
  readonly filterPolicy?: string | undefined;
  /** @default 'MessageAttributes' */
  readonly filterPolicyScope?: FilterScope;
}

/** SNS forgets a subscription that nobody confirms in this time. */
const UNCONFIRMED_LIFE_MS = 48 * 3600_000;

export class Topics {
  private constructor(
    private readonly topics: DurableMap<Topic>,
    private readonly subscriptions: DurableMap<Subscription>,
  ) {}

  static async open(state: CloudState, nowMs: number): Promise<Topics> {
    const topics = new Topics(await state.map('sns.topics'), await state.map('sns.subscriptions'));
    await topics.forgetUnconfirmed(nowMs);
    return topics;
  }

  find(arn: string): Topic | undefined {
    return this.topics.get(arn);
  }

  /** Throws `AwsError` NotFound, or InvalidParameter for an ARN of another region: this region's endpoint does not take it. */
  get(arn: string, region: string): Topic {
    const topic = this.topics.get(arn);
    if (topic?.region === region) return topic;
    if (!/^arn:aws:sns:[a-z0-9-]+:\d{12}:.+$/.test(arn) || arn.split(':')[3] !== region) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: TopicArn');
    }
    throw new AwsError('NotFound', 'Topic does not exist', 404);
  }

  list(region: string): Topic[] {
    return [...this.topics.values()].filter((topic) => topic.region === region).sort(byArn);
  }

  save(topic: Topic): Promise<void> {
    return this.topics.set(topic.arn, topic);
  }

  /** With all its subscriptions. */
  async delete(arn: string): Promise<void> {
    const subscriptions = this.subscriptionsOf(arn);
    await Promise.all([
      this.topics.delete(arn),
      ...subscriptions.map((subscription) => this.subscriptions.delete(subscription.arn)),
    ]);
  }

  subscriptionsOf(topicArn: string): Subscription[] {
    return [...this.subscriptions.values()]
      .filter((subscription) => subscription.topicArn === topicArn)
      .sort(byArn);
  }

  listSubscriptions(region: string): Subscription[] {
    return [...this.subscriptions.values()]
      .filter((subscription) => subscription.region === region)
      .sort(byArn);
  }

  findSubscription(arn: string): Subscription | undefined {
    return this.subscriptions.get(arn);
  }

  /** Throws `AwsError` NotFound. */
  subscription(arn: string, region: string): Subscription {
    if (arn.split(':').length < 6) {
      const reason = `An ARN must have at least 6 elements, not ${arn.split(':').length}`;
      throw new AwsError(
        'InvalidParameter',
        `Invalid parameter: SubscriptionArn Reason: ${reason}`,
      );
    }
    const subscription = this.subscriptions.get(arn);
    if (subscription?.region === region) return subscription;
    throw new AwsError('NotFound', 'Subscription does not exist', 404);
  }

  saveSubscription(subscription: Subscription): Promise<void> {
    return this.subscriptions.set(subscription.arn, subscription);
  }

  deleteSubscription(arn: string): Promise<void> {
    return this.subscriptions.delete(arn);
  }

  private async forgetUnconfirmed(nowMs: number): Promise<void> {
    const old = [...this.subscriptions.values()].filter(
      ({ isConfirmed, createdAtMs }) => !isConfirmed && createdAtMs + UNCONFIRMED_LIFE_MS < nowMs,
    );
    await Promise.all(old.map(({ arn }) => this.subscriptions.delete(arn)));
  }
}

function byArn(a: { readonly arn: string }, b: { readonly arn: string }): number {
  return a.arn < b.arn ? -1 : a.arn > b.arn ? 1 : 0;
}
