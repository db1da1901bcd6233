/** CreateTopic: makes a topic, or finds the one that is already so. */
import { AwsError } from '../../service.js';
import { invalidParameter, topicArn, type SnsOperation } from '../operation.js';
import { checkTopicAttribute } from '../topic-attributes.js';
import type { Topic } from '../topics.js';
import { checkTags } from './topic-tags.js';

export const createTopic: SnsOperation = {
  name: 'CreateTopic',
  parameters: ['Name', 'Attributes', 'Tags'],
  run: async (input, call, { topics }) => {
    const name = input.requiredString('Name');
    if (name.endsWith('.fifo')) {
      throw invalidParameter('Topic Name Reason: FIFO topics are not supported here');
    }
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
    const arn = topicArn(call, name);
    call.authorize('SNS:CreateTopic', arn);
    const attributes = Object.fromEntries(
      Object.entries(input.map('Attributes') ?? {}).filter(([, value]) => value !== ''),
    );
    for (const [attribute, value] of Object.entries(attributes))
      checkTopicAttribute(attribute, value);
    const tags = checkTags(input.tags());
    const existing = topics.find(arn);
    if (existing !== undefined) {
      checkSame(existing, attributes, tags);
      return { TopicArn: arn };
    }
    const { region, cloud } = call;
    await topics.save({ arn, name, region, createdAtMs: cloud.clock.now(), attributes, tags });
    return { TopicArn: arn };
  },
};

function checkSame(
  existing: Topic,
  attributes: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): void {
  const differs = Object.entries(attributes).some(
    ([name, value]) => existing.attributes[name] !== value,
  );
  if (differs) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  const isTagged = Object.keys(tags).length > 0;
  if (isTagged && Object.entries(tags).some(([key, value]) => existing.tags[key] !== value)) {
    const message = 'Invalid parameter: Tags Reason: Topic already exists with different tags';
    throw new AwsError('InvalidParameter', message);
  }
}
