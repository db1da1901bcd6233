/** What a topic may be set to, and what it is where nothing was set. */
import { parsePolicy } from '../policy/document.js';
import { AwsError } from '../service.js';
import type { Topic, Topics } from './topics.js';

const CHECKS: Readonly<Record<string, (value: string) => void>> = {
  Policy: (value) => {
    try {
      parsePolicy(value, 'resource');
    } catch (error) {
      if (error instanceof AwsError) throw invalidAttribute(`Policy Error: ${error.message}`);
      throw error;
    }
    checkActions(JSON.parse(value) as PolicyText);
  },
  DisplayName: (value) => {
    if (value.length > 100)
      throw invalidAttribute('DisplayName must be at most 100 characters long');
  },
  // Kept and shown: there is no KMS here, and nothing on this machine's disk is encrypted with the key.
  KmsMasterKeyId: (value) => {
    if (value.length > 2048)
      throw invalidAttribute('KmsMasterKeyId must be at most 2048 characters long');
  },
};

interface PolicyText {
  readonly Statement: StatementText | readonly StatementText[];
}

interface StatementText {
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
}

/** What can be done to a topic itself (SNS, "API permissions"). Of wildcards only the service is looked at. */
const TOPIC_ACTIONS = [
  ...['addpermission', 'deletetopic', 'getdataprotectionpolicy', 'gettopicattributes'],
  ...['listsubscriptionsbytopic', 'listtagsforresource', 'publish', 'putdataprotectionpolicy'],
  ...['receive', 'removepermission', 'settopicattributes', 'subscribe'],
];

function checkActions({ Statement }: PolicyText): void {
  const actions = [Statement]
    .flat()
    .flatMap(({ Action, NotAction }) => [Action ?? NotAction ?? []]);
  for (const action of actions.flat()) {
    const [, verb] = /^sns:(.+)$/i.exec(action) ?? [];
    const isKnown = verb !== undefined && TOPIC_ACTIONS.includes(verb.toLowerCase());
    if (isKnown || action === '*' || verb?.includes('*') === true) continue;
    throw invalidAttribute('Policy statement action out of service scope!');
  }
}

/** Throws `AwsError` InvalidParameter for a value, or a name, that does not do. */
export function checkTopicAttribute(name: string, value: string): void {
  const check = CHECKS[name];
  if (check === undefined) throw invalidAttribute(`AttributeName: ${name} is not supported here`);
  check(value);
}

/** A value that takes the attribute back to its default. */
export function withAttribute(topic: Topic, name: string, value: string): Topic {
  const { [name]: _old, ...rest } = topic.attributes;
  return { ...topic, attributes: value === '' ? rest : { ...rest, [name]: value } };
}

/** As GetTopicAttributes shows them. */
export function describeAttributes(
  topic: Topic,
  topics: Topics,
  accountId: string,
): ReadonlyMap<string, string> {
  const subscriptions = topics.subscriptionsOf(topic.arn);
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  return new Map(
    Object.entries({
      TopicArn: topic.arn,
      Owner: accountId,
      DisplayName: '',
      ...topic.attributes,
      Policy: policyOf(topic, accountId),
      SubscriptionsConfirmed: String(confirmed),
      SubscriptionsPending: String(subscriptions.length - confirmed),
      SubscriptionsDeleted: '0',
      EffectiveDeliveryPolicy: EFFECTIVE_DELIVERY_POLICY,
    }),
  );
}

/** The policy in force. Without one of its own a topic serves the account it is in, services acting for it included. */
export function policyOf(topic: Topic, accountId: string): string {
  return (
    topic.attributes.Policy ??
    JSON.stringify({
      Version: '2008-10-17',
      Id: '__default_policy_ID',
      Statement: [
        {
          Sid: '__default_statement_ID',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'SNS:GetTopicAttributes',
            'SNS:SetTopicAttributes',
            'SNS:AddPermission',
            'SNS:RemovePermission',
            'SNS:DeleteTopic',
            'SNS:Subscribe',
            'SNS:ListSubscriptionsByTopic',
            'SNS:Publish',
          ],
          Resource: topic.arn,
          Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
        },
      ],
    })
  );
}

/** How often a delivery over HTTP is tried again, and how far apart: SNS's default. */
export const HTTP_RETRIES = { count: 3, delaySeconds: 20 } as const;

const EFFECTIVE_DELIVERY_POLICY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: HTTP_RETRIES.delaySeconds,
      maxDelayTarget: HTTP_RETRIES.delaySeconds,
      numRetries: HTTP_RETRIES.count,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});

function invalidAttribute(why: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${why}`);
}
