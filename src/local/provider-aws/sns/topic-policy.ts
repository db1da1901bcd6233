/** TopicPolicy (sns): who may publish and subscribe. A topic always has one: deleting this puts SNS's own back. */
import {
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { isAwsError, unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';

interface TopicPolicyParameters {
  readonly region: string;
  readonly arn?: string;
  readonly policy: string;
}

export const topicPolicy: External<TopicPolicyParameters> = {
  naming: 'assigned',
  fields: ['arn', 'policy'],
  references: [{ field: 'arn', to: 'sns/Topic', take: 'arn' }],
  comparison: { documents: ['policy'], immutable: ['arn'] },
  async observe({ name: arn, region }, aws) {
    const found = await unlessAbsent(
      aws.client('SNS', SNSClient, region).send(new GetTopicAttributesCommand({ TopicArn: arn })),
      'NotFound',
      'NotFoundException',
    );
    if (found === undefined) return absent;
    const { Policy, Owner } = found.Attributes ?? {};
    return {
      exists: true,
      atProvider: { id: arn, arn, region, owner: Owner, policy: Policy },
      usable: true,
      detail: undefined,
    };
  },
  async create({ region, forProvider: { arn, policy } }, aws) {
    if (arn === undefined) throw new Error('spec.forProvider.arn is required');
    await aws.client('SNS', SNSClient, region).send(setPolicy(arn, policy));
    return arn;
  },
  async update({ name: arn, region, forProvider: { policy } }, aws) {
    await aws.client('SNS', SNSClient, region).send(setPolicy(arn, policy));
  },
  async remove({ name: arn, region }, aws) {
    try {
      await aws.client('SNS', SNSClient, region).send(setPolicy(arn, defaultPolicy(arn)));
    } catch (error) {
      if (!isAwsError(error, 'NotFound', 'NotFoundException')) throw error;
    }
    return 'left';
  },
};

function setPolicy(arn: string, policy: string): SetTopicAttributesCommand {
  return new SetTopicAttributesCommand({
    TopicArn: arn,
    AttributeName: 'Policy',
    AttributeValue: policy,
  });
}

/** What SNS gives a new topic: its owner may do everything (SNS developer guide, "default topic policy"). */
function defaultPolicy(arn: string): string {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': arn.split(':')[4] } },
      },
    ],
  });
}
