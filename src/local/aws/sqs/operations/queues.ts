/** CreateQueue, DeleteQueue, GetQueueUrl, ListQueues, PurgeQueue, and the attributes and tags of a queue. */
import type { Input } from '../../protocols/input.js';
import { AwsError } from '../../service.js';
import { queueArn, type Queue } from '../queue.js';
import { defaults, mergeAttributes, redriveOf } from '../queue-attributes.js';
import {
  admittedQueue,
  integerWithin,
  queueDoesNotExist,
  urlOf,
  type SqsContext,
  type SqsOperation,
} from '../operation.js';

export const createQueue: SqsOperation = {
  name: 'CreateQueue',
  parameters: ['QueueName', 'Attributes', 'tags'],
  run: async (input, call, context) => {
    const { region, cloud } = call;
    const name = readName(input);
    const arn = queueArn(region, cloud.accountId, name);
    call.authorize('sqs:CreateQueue', arn);
    const attributes = mergeAttributes({}, input.map('Attributes') ?? {});
    const existing = context.queues.find(arn);
    if (existing !== undefined) {
      const isSame = Object.entries(attributes).every(([key, value]) => {
        return { ...defaults(), ...existing.attributes }[key] === value;
      });
      if (isSame) return { QueueUrl: urlOf(existing, call, context) };
      const message =
        'A queue already exists with the same name and a different value for attribute(s).';
      throw new AwsError('QueueAlreadyExists', message);
    }
    checkDeadLetterQueue(attributes, { arn, region }, context);
    const createdAtMs = cloud.clockOf(region).now();
    const tags = input.map('tags') ?? {};
    const queue = { arn, name, region, createdAtMs, changedAtMs: createdAtMs, attributes, tags };
    await context.queues.save(queue);
    return { QueueUrl: urlOf(queue, call, context) };
  },
};

export const deleteQueue: SqsOperation = {
  name: 'DeleteQueue',
  parameters: ['QueueUrl'],
  run: async (input, call, context) => {
    await context.queues.delete(admittedQueue(input, call, context, 'DeleteQueue'));
    return {};
  },
};

export const purgeQueue: SqsOperation = {
  name: 'PurgeQueue',
  parameters: ['QueueUrl'],
  run: async (input, call, context) => {
    await context.queues.purge(admittedQueue(input, call, context, 'PurgeQueue').arn);
    return {};
  },
};

export const getQueueUrl: SqsOperation = {
  name: 'GetQueueUrl',
  parameters: ['QueueName', 'QueueOwnerAWSAccountId'],
  run: (input, call, context) => {
    const account = input.string('QueueOwnerAWSAccountId') ?? call.cloud.accountId;
    const arn = queueArn(call.region, account, input.requiredString('QueueName'));
    const queue = context.queues.find(arn);
    call.authorize('sqs:GetQueueUrl', arn, {}, queue?.attributes.Policy);
    if (queue === undefined) throw queueDoesNotExist();
    return { QueueUrl: urlOf(queue, call, context) };
  },
};

export const listQueues: SqsOperation = {
  name: 'ListQueues',
  parameters: ['QueueNamePrefix', 'MaxResults', 'NextToken'],
  run: (input, call, context) => {
    call.authorize('sqs:ListQueues', queueArn(call.region, call.cloud.accountId, '*'));
    const prefix = input.string('QueueNamePrefix') ?? '';
    const size = integerWithin(input, 'MaxResults', 1000, [1, 1000]);
    const after = input.string('NextToken') ?? '';
    const found = context.queues
      .list(call.region)
      .filter(({ name }) => name.startsWith(prefix) && name > after);
    const shown = found.slice(0, size);
    return {
      QueueUrls: shown.map((queue) => urlOf(queue, call, context)),
      NextToken: found.length > size ? shown.at(-1)?.name : undefined,
    };
  },
};

export const getQueueAttributes: SqsOperation = {
  name: 'GetQueueAttributes',
  parameters: ['QueueUrl', 'AttributeNames'],
  run: (input, call, context) => {
    const queue = admittedQueue(input, call, context, 'GetQueueAttributes');
    const names = input.strings('AttributeNames') ?? [];
    const all = Object.entries(describe(queue, context));
    const unknown = names.find((name) => !KNOWN_NAMES.has(name));
    if (unknown !== undefined) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    }
    const wanted = all.filter(([name]) => names.includes('All') || names.includes(name));
    return wanted.length === 0 ? {} : { Attributes: new Map(wanted) };
  },
};

export const setQueueAttributes: SqsOperation = {
  name: 'SetQueueAttributes',
  parameters: ['QueueUrl', 'Attributes'],
  run: async (input, call, context) => {
    const queue = admittedQueue(input, call, context, 'SetQueueAttributes');
    const attributes = mergeAttributes(queue.attributes, input.map('Attributes') ?? {});
    checkDeadLetterQueue(attributes, queue, context);
    const changedAtMs = call.cloud.clockOf(call.region).now();
    await context.queues.save({ ...queue, attributes, changedAtMs });
    return {};
  },
};

export const tagQueue: SqsOperation = {
  name: 'TagQueue',
  parameters: ['QueueUrl', 'Tags'],
  run: async (input, call, context) => {
    const queue = admittedQueue(input, call, context, 'TagQueue');
    await context.queues.save({ ...queue, tags: { ...queue.tags, ...input.map('Tags') } });
    return {};
  },
};

export const untagQueue: SqsOperation = {
  name: 'UntagQueue',
  parameters: ['QueueUrl', 'TagKeys'],
  run: async (input, call, context) => {
    const queue = admittedQueue(input, call, context, 'UntagQueue');
    const gone = input.strings('TagKeys') ?? [];
    const left = Object.entries(queue.tags).filter(([key]) => !gone.includes(key));
    await context.queues.save({ ...queue, tags: Object.fromEntries(left) });
    return {};
  },
};

export const listQueueTags: SqsOperation = {
  name: 'ListQueueTags',
  parameters: ['QueueUrl'],
  run: (input, call, context) => {
    const { tags } = admittedQueue(input, call, context, 'ListQueueTags');
    return Object.keys(tags).length === 0 ? {} : { Tags: new Map(Object.entries(tags)) };
  },
};

/** What can be asked for of a queue, whether it has it or not. */
const KNOWN_NAMES: ReadonlySet<string> = new Set([
  ...['All', 'Policy', 'VisibilityTimeout', 'MaximumMessageSize', 'MessageRetentionPeriod'],
  ...['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  ...['CreatedTimestamp', 'LastModifiedTimestamp', 'QueueArn', 'DelaySeconds', 'RedrivePolicy'],
  ...['ApproximateNumberOfMessagesDelayed', 'ReceiveMessageWaitTimeSeconds', 'FifoQueue'],
  ...['ContentBasedDeduplication', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'],
  ...['DeduplicationScope', 'FifoThroughputLimit', 'RedriveAllowPolicy', 'SqsManagedSseEnabled'],
]);

/** The queue for what is received too often is one of the same region, and there. */
function checkDeadLetterQueue(
  attributes: Readonly<Record<string, string>>,
  { arn, region }: Pick<Queue, 'arn' | 'region'>,
  { queues }: SqsContext,
): void {
  const redrive = redriveOf({ attributes });
  if (redrive === undefined) return;
  const target = redrive.deadLetterTargetArn;
  if (target !== arn && queues.find(target)?.region === region) return;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${attributes.RedrivePolicy ?? ''} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
  );
}

function readName(input: Input): string {
  const name = input.requiredString('QueueName');
  if (name.endsWith('.fifo')) throw input.invalid('QueueName', 'may not be a FIFO queue here');
  if (/^[\w-]{1,80}$/.test(name)) return name;
  throw new AwsError(
    'InvalidParameterValue',
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );
}

function describe(queue: Queue, { queues }: SqsContext): Record<string, string> {
  const { visible, inFlight, delayed } = queues.count(queue);
  return {
    ...defaults(),
    SqsManagedSseEnabled: 'true',
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAtMs / 1000)),
  };
}
