/**
 * TopicSubscription (sns): who hears of what is published.
 *
 * An e-mail address has to confirm first. As in the real provider that is waited for by nobody: the subscription is there, with
 * `status.atProvider.pendingConfirmation`, and the resource is Ready.
 */
import {
  GetSubscriptionAttributesCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { isAwsError, unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';

interface TopicSubscriptionParameters {
  readonly region: string;
  readonly topicArn?: string;
  readonly protocol: string;
  readonly endpoint?: string;
  readonly filterPolicy?: string;
  readonly filterPolicyScope?: string;
  readonly rawMessageDelivery?: boolean;
  readonly redrivePolicy?: string;
  readonly deliveryPolicy?: string;
  readonly subscriptionRoleArn?: string;
}

/** `forProvider` field → SNS's attribute. */
const ATTRIBUTES = {
  filterPolicy: 'FilterPolicy',
  filterPolicyScope: 'FilterPolicyScope',
  rawMessageDelivery: 'RawMessageDelivery',
  redrivePolicy: 'RedrivePolicy',
  deliveryPolicy: 'DeliveryPolicy',
  subscriptionRoleArn: 'SubscriptionRoleArn',
} as const satisfies Partial<Record<keyof TopicSubscriptionParameters, string>>;

export const topicSubscription: External<TopicSubscriptionParameters> = {
  naming: 'assigned',
  fields: [
    ...Object.keys(ATTRIBUTES),
    'confirmationTimeoutInMinutes',
    'endpoint',
    'endpointAutoConfirms',
    'protocol',
    'topicArn',
  ],
  references: [
    { field: 'topicArn', to: 'sns/Topic', take: 'arn' },
    { field: 'subscriptionRoleArn', to: 'iam/Role', take: 'arn' },
  ],
  comparison: {
    documents: ['filterPolicy', 'redrivePolicy', 'deliveryPolicy'],
    settings: ['confirmationTimeoutInMinutes', 'endpointAutoConfirms'],
    emptyWhenOpen: ['filterPolicy', 'redrivePolicy', 'deliveryPolicy'],
    immutable: ['topicArn', 'protocol', 'endpoint'],
  },
  async observe({ name: arn, region }, aws) {
    const found = await unlessAbsent(
      aws
        .client('SNS', SNSClient, region)
        .send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn })),
      'NotFound',
      'NotFoundException',
    );
    if (found === undefined) return absent;
    const is = found.Attributes ?? {};
    return {
      exists: true,
      atProvider: {
        arn,
        id: arn,
        region,
        ownerId: is.Owner,
        topicArn: is.TopicArn,
        protocol: is.Protocol,
        endpoint: is.Endpoint,
        pendingConfirmation: is.PendingConfirmation === 'true',
        confirmationWasAuthenticated: is.ConfirmationWasAuthenticated === 'true',
        filterPolicy: is.FilterPolicy,
        filterPolicyScope: is.FilterPolicyScope,
        rawMessageDelivery: is.RawMessageDelivery === 'true',
        redrivePolicy: is.RedrivePolicy,
        deliveryPolicy: is.DeliveryPolicy,
        subscriptionRoleArn: is.SubscriptionRoleArn,
      },
      usable: true,
      detail: undefined,
    };
  },
  async create({ region, forProvider: wanted }, aws) {
    const { SubscriptionArn } = await aws.client('SNS', SNSClient, region).send(
      new SubscribeCommand({
        TopicArn: wanted.topicArn,
        Protocol: wanted.protocol,
        Endpoint: wanted.endpoint,
        Attributes: attributesOf(wanted),
        // Otherwise one that is to be confirmed has no name by which it could be found again.
        ReturnSubscriptionArn: true,
      }),
    );
    if (SubscriptionArn === undefined) throw new Error('SNS Subscribe answered without an ARN');
    return SubscriptionArn;
  },
  async update({ name: arn, region, forProvider: wanted }, aws, _seen, drift) {
    const client = aws.client('SNS', SNSClient, region);
    const attributes = attributesOf(wanted);
    for (const field of inOrder(wanted)) {
      if (!drift.includes(field)) continue;
      const AttributeName = ATTRIBUTES[field];
      const AttributeValue = attributes[AttributeName] ?? '';
      await client.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: arn,
          AttributeName,
          AttributeValue,
        }),
      );
    }
  },
  async remove({ name: arn, region }, aws) {
    try {
      await aws
        .client('SNS', SNSClient, region)
        .send(new UnsubscribeCommand({ SubscriptionArn: arn }));
      return 'requested';
    } catch (error) {
      if (isAwsError(error, 'NotFound', 'NotFoundException')) return 'requested';
      // SNS drops what nobody confirms by itself, and until then refuses to.
      const unconfirmed = isAwsError(error, 'InvalidParameter', 'InvalidParameterException');
      if (unconfirmed && error.said.includes('pending confirmation')) return 'left';
      throw error;
    }
  },
};

/** SNS checks a policy against the scope that is set: the wider scope goes before what needs it, the narrower one after. */
function inOrder({ filterPolicyScope }: TopicSubscriptionParameters) {
  const fields = Object.keys(ATTRIBUTES) as (keyof typeof ATTRIBUTES)[];
  return filterPolicyScope === 'MessageBody'
    ? ['filterPolicyScope' as const, ...fields.filter((field) => field !== 'filterPolicyScope')]
    : fields;
}

function attributesOf(wanted: TopicSubscriptionParameters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([field, attribute]) => {
      const value = wanted[field as keyof typeof ATTRIBUTES];
      return value === undefined ? [] : [[attribute, String(value)]];
    }),
  );
}
