/** ConfirmSubscription, Unsubscribe, and what reads and changes a subscription. */
import type { Call } from '../../protocols/operation-service.js';
import { AwsError } from '../../service.js';
import {
  admittedTopic,
  invalidParameter,
  page,
  type SnsContext,
  type SnsOperation,
} from '../operation.js';
import { readSettings, writeSettings } from '../subscription-attributes.js';
import { policyOf } from '../topic-attributes.js';
import type { Subscription } from '../topics.js';

/** Needs no rights: whoever has the token may confirm, as the link in a mail is for everyone who reads it. */
export const confirmSubscription: SnsOperation = {
  name: 'ConfirmSubscription',
  parameters: ['TopicArn', 'Token', 'AuthenticateOnUnsubscribe'],
  run: async (input, call, context) => {
    const { topics } = context;
    const isAuthenticated =
      (input.string('AuthenticateOnUnsubscribe') ?? 'false').toLowerCase() === 'true';
    const topic = isAuthenticated
      ? admittedTopic(input, call, context, 'SNS:ConfirmSubscription')
      : topics.get(input.requiredString('TopicArn'), call.region);
    const token = input.requiredString('Token');
    const subscription = topics.subscriptionsOf(topic.arn).find((other) => other.token === token);
    if (subscription === undefined) throw invalidParameter('Token');
    if (!subscription.isConfirmed) {
      await topics.saveSubscription({
        ...subscription,
        isConfirmed: true,
        isUnsubscribeAuthenticated: isAuthenticated,
      });
    }
    return { SubscriptionArn: subscription.arn };
  },
};

/** Without credentials too, as the link in a mail, unless it was confirmed otherwise. */
export const unsubscribe: SnsOperation = {
  name: 'Unsubscribe',
  parameters: ['SubscriptionArn'],
  run: async (input, call, context) => {
    const { topics } = context;
    const arn = input.requiredString('SubscriptionArn');
    const subscription = topics.findSubscription(arn);
    if (subscription === undefined) {
      topicOf(arn, call, context);
      return {}; // gone already
    }
    const isOpen = subscription.isConfirmed && !subscription.isUnsubscribeAuthenticated;
    if (call.request.caller.kind !== 'anonymous' || !isOpen) {
      authorize(call, context, subscription, 'SNS:Unsubscribe');
    }
    if (!subscription.isConfirmed) {
      throw invalidParameter('Cannot unsubscribe a subscription that is pending confirmation');
    }
    if (subscription.region === call.region) await topics.deleteSubscription(arn);
    return {};
  },
};

export const listSubscriptions: SnsOperation = {
  name: 'ListSubscriptions',
  parameters: ['NextToken'],
  run: (input, call, { topics }) => {
    call.authorize('SNS:ListSubscriptions', '*');
    const { items, NextToken } = page(topics.listSubscriptions(call.region), input);
    return { Subscriptions: items.map((item) => describe(item, call)), NextToken };
  },
};

export const listSubscriptionsByTopic: SnsOperation = {
  name: 'ListSubscriptionsByTopic',
  parameters: ['TopicArn', 'NextToken'],
  run: (input, call, context) => {
    const topic = admittedTopic(input, call, context, 'SNS:ListSubscriptionsByTopic');
    const { items, NextToken } = page(context.topics.subscriptionsOf(topic.arn), input);
    return { Subscriptions: items.map((item) => describe(item, call)), NextToken };
  },
};

export const getSubscriptionAttributes: SnsOperation = {
  name: 'GetSubscriptionAttributes',
  parameters: ['SubscriptionArn'],
  run: (input, call, context) => {
    const arn = input.requiredString('SubscriptionArn');
    const subscription = context.topics.subscription(arn, call.region);
    authorize(call, context, subscription, 'SNS:GetSubscriptionAttributes');
    const attributes = {
      SubscriptionArn: subscription.arn,
      TopicArn: subscription.topicArn,
      Owner: call.cloud.accountId,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      PendingConfirmation: String(!subscription.isConfirmed),
      ConfirmationWasAuthenticated: String(subscription.isUnsubscribeAuthenticated),
      ...writeSettings(subscription),
      SubscriptionPrincipal: `arn:aws:iam::${call.cloud.accountId}:root`,
    };
    return { Attributes: new Map(Object.entries(attributes)) };
  },
};

export const setSubscriptionAttributes: SnsOperation = {
  name: 'SetSubscriptionAttributes',
  parameters: ['SubscriptionArn', 'AttributeName', 'AttributeValue'],
  run: async (input, call, context) => {
    const arn = input.requiredString('SubscriptionArn');
    const subscription = context.topics.subscription(arn, call.region);
    authorize(call, context, subscription, 'SNS:SetSubscriptionAttributes');
    const name = input.requiredString('AttributeName');
    // One is set, all are checked: a policy may not fit another scope.
    const attributes = {
      FilterPolicyScope: subscription.filterPolicyScope ?? 'MessageAttributes',
      ...writeSettings(subscription),
      [name]: input.string('AttributeValue') ?? '',
    };
    const settings = readSettings(attributes, subscription.protocol, '');
    await context.topics.saveSubscription({ ...subscription, ...settings });
    return {};
  },
};

function authorize(
  call: Call,
  { topics }: SnsContext,
  subscription: Subscription,
  action: string,
): void {
  const topic = topics.find(subscription.topicArn);
  const policy = topic && policyOf(topic, call.cloud.accountId);
  call.authorize(action, subscription.topicArn, {}, policy);
}

/** Throws where the ARN is none of a subscription of a topic here. */
function topicOf(subscriptionArn: string, call: Call, { topics }: SnsContext): void {
  const parts = subscriptionArn.split(':');
  if (parts.length !== 7) {
    const reason = `An ARN must have at least 6 elements, not ${parts.length}`;
    throw invalidParameter(`SubscriptionArn Reason: ${reason}`);
  }
  const arn = parts.slice(0, 6).join(':');
  call.authorize('SNS:Unsubscribe', arn);
  if (topics.find(arn)?.region === call.region) return;
  throw new AwsError('NotFound', 'Topic does not exist', 404);
}

function describe(subscription: Subscription, call: Call) {
  return {
    SubscriptionArn: subscription.isConfirmed ? subscription.arn : 'PendingConfirmation',
    Owner: call.cloud.accountId,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  };
}
