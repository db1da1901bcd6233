/** SendMessage, SendMessageBatch. */
import type { Input } from '../../protocols/input.js';
import type { Call } from '../../protocols/operation-service.js';
import { AwsError, type Principal } from '../../service.js';
import { attributesDigest, digestOf } from '../message-digest.js';
import { numberOf } from '../queue-attributes.js';
import type { MessageAttribute, Queue } from '../queue.js';
import {
  admittedQueue,
  doBatch,
  integerWithin,
  type SqsContext,
  type SqsOperation,
} from '../operation.js';

const MESSAGE_PARAMETERS = ['MessageBody', 'DelaySeconds', 'MessageAttributes'];
const MAX_ATTRIBUTES = 10;
/** What XML cannot hold, which SQS spoke first. */
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

export const sendMessage: SqsOperation = {
  name: 'SendMessage',
  parameters: ['QueueUrl', ...MESSAGE_PARAMETERS],
  run: (input, call, context) =>
    send(input, call, context, admittedQueue(input, call, context, 'SendMessage')),
};

export const sendMessageBatch: SqsOperation = {
  name: 'SendMessageBatch',
  parameters: ['QueueUrl', 'Entries'],
  run: (input, call, context) => {
    const queue = admittedQueue(input, call, context, 'SendMessage');
    return doBatch(input, (entry) => {
      entry.allowOnly(['Id', ...MESSAGE_PARAMETERS]);
      return send(entry, call, context, queue);
    });
  },
};

async function send(input: Input, call: Call, { queues }: SqsContext, queue: Queue) {
  const body = input.requiredString('MessageBody');
  const most = numberOf(queue, 'MaximumMessageSize');
  if (body === '' || Buffer.byteLength(body) > most) {
    throw input.invalid('MessageBody', `must be from 1 to ${most} bytes long`);
  }
  if (NO_TEXT.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  const attributes = readAttributes(input);
  const { id } = await queues.send(queue, {
    ...{ body, attributes, senderId: senderOf(call.request.caller) },
    delaySeconds: input.has('DelaySeconds')
      ? integerWithin(input, 'DelaySeconds', 0, [0, 900])
      : undefined,
  });
  call.cloud.metrics.record({
    ...{ region: queue.region, namespace: 'AWS/SQS', name: 'NumberOfMessagesSent' },
    ...{ dimensions: { QueueName: queue.name }, value: 1, unit: 'Count' },
  });
  return {
    MessageId: id,
    MD5OfMessageBody: digestOf(body),
    MD5OfMessageAttributes: attributesDigest(attributes),
  };
}

function readAttributes(input: Input): Record<string, MessageAttribute> {
  const given = input.structure('MessageAttributes');
  const names = given?.names() ?? [];
  if (names.length > MAX_ATTRIBUTES) {
    throw input.invalid('MessageAttributes', `may be no more than ${MAX_ATTRIBUTES}`);
  }
  return Object.fromEntries(
    names.map((name) => {
      const attribute = given?.structure(name);
      const dataType = attribute?.requiredString('DataType') ?? '';
      const stringValue = attribute?.string('StringValue');
      const binaryValue = attribute?.string('BinaryValue');
      const isBinary = /^Binary(?:\.|$)/.test(dataType);
      if (!isBinary && !/^(?:String|Number)(?:\.|$)/.test(dataType)) {
        throw input.invalid(name, 'must be of type String, Number or Binary');
      }
      if (!(isBinary ? binaryValue : stringValue)) {
        throw new AwsError(
          'InvalidParameterValue',
          `Message (user) attribute '${name}' must contain a non-empty value of type '${isBinary ? 'Binary' : 'String'}'.`,
        );
      }
      return [
        name,
        {
          DataType: dataType,
          ...(isBinary ? { BinaryValue: binaryValue ?? '' } : { StringValue: stringValue ?? '' }),
        },
      ];
    }),
  );
}

export function senderOf(caller: Principal): string {
  switch (caller.kind) {
    case 'role':
      return caller.arn.slice(caller.arn.lastIndexOf(':') + 1);
    case 'root':
      return caller.accountId;
    case 'service':
      return caller.service;
    case 'federated':
      return caller.user;
    case 'anonymous':
      return 'anonymous';
  }
}
