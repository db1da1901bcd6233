/** Topic (sns): the topic, its attributes and tags. Its external name is its name; SNS itself goes by its ARN. */
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import type { AwsConnection } from '../config/aws-connection.js';
import { accountOf } from '../config/account.js';
import { unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';
import { fromTagPairs, tagChanges, toTagPairs, type Tags } from '../external/tags.js';

interface TopicParameters {
  readonly region: string;
  readonly displayName?: string;
  readonly kmsMasterKeyId?: string;
  readonly policy?: string;
  readonly deliveryPolicy?: string;
  readonly fifoTopic?: boolean;
  readonly contentBasedDeduplication?: boolean;
  readonly signatureVersion?: number;
  readonly tracingConfig?: string;
  readonly tags?: Tags;
}

interface TopicDetail {
  readonly arn: string;
  readonly tags: Tags;
}

/** `forProvider` field → SNS's attribute. */
const ATTRIBUTES = {
  displayName: 'DisplayName',
  kmsMasterKeyId: 'KmsMasterKeyId',
  policy: 'Policy',
  deliveryPolicy: 'DeliveryPolicy',
  contentBasedDeduplication: 'ContentBasedDeduplication',
  signatureVersion: 'SignatureVersion',
  tracingConfig: 'TracingConfig',
} as const satisfies Partial<Record<keyof TopicParameters, string>>;

export const topic: External<TopicParameters, TopicDetail> = {
  naming: 'given',
  fields: [...Object.keys(ATTRIBUTES), 'fifoTopic', 'tags'],
  comparison: {
    documents: ['policy', 'deliveryPolicy'],
    immutable: ['fifoTopic'],
    emptyWhenOpen: ['kmsMasterKeyId'],
  },
  async observe({ name, region }, aws) {
    const client = aws.client('SNS', SNSClient, region);
    const arn = await arnOf(name, region, aws);
    const answer = await unlessAbsent(
      client.send(new GetTopicAttributesCommand({ TopicArn: arn })),
      'NotFound',
      'NotFoundException',
    );
    if (answer === undefined) return absent;
    const is = answer.Attributes ?? {};
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
    const tags = fromTagPairs(Tags);
    return {
      exists: true,
      atProvider: {
        arn,
        id: arn,
        region,
        owner: is.Owner,
        displayName: is.DisplayName,
        kmsMasterKeyId: is.KmsMasterKeyId,
        policy: is.Policy,
        deliveryPolicy: is.DeliveryPolicy,
        fifoTopic: is.FifoTopic === 'true',
        contentBasedDeduplication: is.ContentBasedDeduplication === 'true',
        signatureVersion: is.SignatureVersion && Number(is.SignatureVersion),
        tracingConfig: is.TracingConfig,
        tags,
        tagsAll: tags,
      },
      usable: true,
      detail: { arn, tags },
    };
  },
  async create({ name, region, forProvider: wanted }, aws) {
    await aws.client('SNS', SNSClient, region).send(
      new CreateTopicCommand({
        Name: name,
        Attributes: {
          ...attributesOf(wanted),
          ...(wanted.fifoTopic === true && { FifoTopic: 'true' }),
        },
        Tags: toTagPairs(wanted.tags),
      }),
    );
    return undefined;
  },
  async update({ region, forProvider: wanted }, aws, { detail: { arn, tags } }, drift) {
    const client = aws.client('SNS', SNSClient, region);
    const attributes = attributesOf(wanted);
    for (const [field, AttributeName] of Object.entries(ATTRIBUTES)) {
      if (!drift.includes(field)) continue;
      const AttributeValue = attributes[AttributeName] ?? '';
      await client.send(
        new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }),
      );
    }
    if (drift.includes('tags')) {
      const { set, unset } = tagChanges(wanted.tags, tags);
      if (unset.length > 0) {
        await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: unset }));
      }
      const Tags = toTagPairs(set);
      if (Tags.length > 0) await client.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
    }
  },
  async remove({ region }, aws, { detail: { arn } }) {
    await aws.client('SNS', SNSClient, region).send(new DeleteTopicCommand({ TopicArn: arn }));
    return 'requested';
  },
};

async function arnOf(name: string, region: string, aws: AwsConnection): Promise<string> {
  return `arn:aws:sns:${region}:${await accountOf(aws)}:${name}`;
}

function attributesOf(wanted: TopicParameters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([field, attribute]) => {
      const value = wanted[field as keyof typeof ATTRIBUTES];
      return value === undefined ? [] : [[attribute, String(value)]];
    }),
  );
}
