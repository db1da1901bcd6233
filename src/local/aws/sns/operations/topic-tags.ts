/** TagResource, UntagResource, ListTagsForResource. */
import { AwsError } from '../../service.js';
import { admittedTopic, type SnsOperation } from '../operation.js';

const MAX_TAGS = 50;

export const tagResource: SnsOperation = {
  name: 'TagResource',
  parameters: ['ResourceArn', 'Tags'],
  run: async (input, call, context) => {
    const topic = admittedTopic(input, call, context, 'SNS:TagResource', 'ResourceArn');
    await context.topics.save({ ...topic, tags: checkTags({ ...topic.tags, ...input.tags() }) });
    return {};
  },
};

export const untagResource: SnsOperation = {
  name: 'UntagResource',
  parameters: ['ResourceArn', 'TagKeys'],
  run: async (input, call, context) => {
    const topic = admittedTopic(input, call, context, 'SNS:UntagResource', 'ResourceArn');
    const keys = input.strings('TagKeys') ?? [];
    const left = Object.entries(topic.tags).filter(([key]) => !keys.includes(key));
    await context.topics.save({ ...topic, tags: Object.fromEntries(left) });
    return {};
  },
};

export const listTagsForResource: SnsOperation = {
  name: 'ListTagsForResource',
  parameters: ['ResourceArn'],
  run: (input, call, context) => {
    const { tags } = admittedTopic(input, call, context, 'SNS:ListTagsForResource', 'ResourceArn');
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

/** Throws `AwsError` TagLimitExceeded or InvalidParameter. */
export function checkTags(
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) {
    throw new AwsError(
      'TagLimitExceeded',
      `Could not complete request: tag quota of ${MAX_TAGS} exceeded`,
    );
  }
  const reserved = entries.find(([key]) => key.startsWith('aws:'));
  if (reserved !== undefined) {
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: Tags Reason: ${reserved[0]} is reserved: keys cannot start with aws:`,
    );
  }
  const bad = entries.find(([key, value]) => key === '' || key.length > 128 || value.length > 256);
  if (bad === undefined) return tags;
  throw new AwsError(
    'InvalidParameter',
    `Invalid parameter: Tags Reason: ${bad[0]} is too long or empty`,
  );
}
