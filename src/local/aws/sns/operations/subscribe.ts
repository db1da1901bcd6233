/** Subscribe: the subscriber is asked to confirm, and hears nothing until then. A queue of the account need not be asked. */
import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { Input } from '../../protocols/input.js';
import type { Call } from '../../protocols/operation-service.js';
import { admittedTopic, invalidParameter, type SnsOperation } from '../operation.js';
import { readSettings, writeSettings } from '../subscription-attributes.js';
import type { DeliveryProtocol, Subscription } from '../topics.js';

const PROTOCOLS: readonly DeliveryProtocol[] = ['email', 'email-json', 'http', 'https', 'sqs'];
const PENDING = 'pending confirmation';

export const subscribe: SnsOperation = {
  name: 'Subscribe',
  parameters: ['TopicArn', 'Protocol', 'Endpoint', 'Attributes', 'ReturnSubscriptionArn'],
  run: async (input, call, context) => {
    const { topics, delivery } = context;
    const topic = admittedTopic(input, call, context, 'SNS:Subscribe');
    const protocol = readProtocol(input);
    const endpoint = readEndpoint(input, protocol, call);
    const attributes = input.map('Attributes') ?? {};
    const settings = readSettings(attributes, protocol, 'Attributes Reason: ');
    const returnsArn = input.boolean('ReturnSubscriptionArn') ?? false;
    const existing = topics
      .subscriptionsOf(topic.arn)
      .find((other) => other.protocol === protocol && other.endpoint === endpoint);
    if (existing?.isConfirmed === true) {
      if (isDeepStrictEqual(writeSettings(existing), writeSettings(settings))) {
        return { SubscriptionArn: existing.arn };
      }
      throw invalidParameter(
        'Attributes Reason: Subscription already exists with different attributes',
      );
    }
    const asked = existing ?? {
      arn: `${topic.arn}:${randomUUID()}`,
      topicArn: topic.arn,
      region: topic.region,
      protocol,
      endpoint,
      createdAtMs: call.cloud.clock.now(),
      token: randomBytes(64).toString('hex'),
      isConfirmed: protocol === 'sqs',
      isUnsubscribeAuthenticated: false,
    };
    const subscription: Subscription = { ...asked, ...settings };
    await topics.saveSubscription(subscription);
    if (subscription.isConfirmed) return { SubscriptionArn: subscription.arn };
    await delivery.askToConfirm(topic, subscription);
    return { SubscriptionArn: returnsArn ? subscription.arn : PENDING };
  },
};

function readProtocol(input: Input): DeliveryProtocol {
  const given = input.requiredString('Protocol');
  const protocol = PROTOCOLS.find((known) => known === given);
  if (protocol !== undefined) return protocol;
  throw invalidParameter(
    `Protocol Reason: the local AWS delivers to ${PROTOCOLS.join(', ')}; not to ${given}`,
  );
}

function readEndpoint(input: Input, protocol: DeliveryProtocol, call: Call): string {
  const endpoint = input.requiredString('Endpoint');
  if (protocol === 'sqs') {
    const [, partition, service, region, account, name] = endpoint.split(':');
    if (partition !== 'aws' || service !== 'sqs' || account === undefined || name === undefined) {
      throw invalidParameter('SQS endpoint ARN');
    }
    if (region === call.region && account === call.cloud.accountId) return endpoint;
    throw invalidParameter(
      `Endpoint Reason: the local AWS delivers to queues of the topic's own region and account, not to ${endpoint}`,
    );
  }
  if (protocol === 'http' || protocol === 'https') {
    if (endpoint.startsWith(`${protocol}://`) && URL.canParse(endpoint)) return endpoint;
    throw invalidParameter(`Endpoint must match the specified protocol`);
  }
  if (/^[^\s@]+@[^\s@]+$/.test(endpoint) && endpoint.length <= 320) return endpoint;
  throw invalidParameter('Email address');
}
