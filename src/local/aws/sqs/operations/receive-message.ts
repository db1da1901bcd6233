/** ReceiveMessage: what nobody else has at the moment; it waits for a message where it is asked to (long polling). */
import type { Input } from '../../protocols/input.js';
import { attributesDigest, digestOf } from '../message-digest.js';
import { numberOf } from '../queue-attributes.js';
import type { QueueMessage } from '../queue.js';
import { admittedQueue, integerWithin, type SqsOperation } from '../operation.js';

/** A message whose receiver did not delete it is looked for this often. */
const LOOK_MS = 1000;

export const receiveMessage: SqsOperation = {
  name: 'ReceiveMessage',
  parameters: [
    ...['QueueUrl', 'AttributeNames', 'MessageSystemAttributeNames', 'MessageAttributeNames'],
    ...['MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds'],
  ],
  run: async (input, call, context) => {
    const { queues } = context;
    const { cloud, region } = call;
    const queue = admittedQueue(input, call, context, 'ReceiveMessage');
    const count = integerWithin(input, 'MaxNumberOfMessages', 1, [1, 10]);
    const usualTimeout = numberOf(queue, 'VisibilityTimeout');
    const timeout = integerWithin(input, 'VisibilityTimeout', usualTimeout, [0, 43_200]);
    const usualWait = numberOf(queue, 'ReceiveMessageWaitTimeSeconds');
    const waitSeconds = integerWithin(input, 'WaitTimeSeconds', usualWait, [0, 20]);
    const untilMs = cloud.clock.now() + waitSeconds * 1000;
    let messages = await queues.receive(queue, count, timeout);
    while (messages.length === 0) {
      const leftMs = untilMs - cloud.clock.now();
      if (leftMs <= 0 || queues.find(queue.arn) === undefined || !cloud.network.isUp(region)) break;
      await queues.untilMessage(queue.arn, Math.min(leftMs, LOOK_MS));
      messages = await queues.receive(queue, count, timeout);
    }
    if (messages.length === 0) return {};
    cloud.metrics.record({
      ...{ region, namespace: 'AWS/SQS', name: 'NumberOfMessagesReceived', unit: 'Count' },
      ...{ dimensions: { QueueName: queue.name }, value: messages.length },
    });
    const describe = describing(input);
    return { Messages: messages.map(describe) };
  },
};

function describing(input: Input) {
  const systemNames = [
    ...(input.strings('AttributeNames') ?? []),
    ...(input.strings('MessageSystemAttributeNames') ?? []),
  ];
  const names = input.strings('MessageAttributeNames') ?? [];
  return (message: QueueMessage) => {
    const system = Object.entries({
      SenderId: message.senderId,
      SentTimestamp: String(message.sentAtMs),
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
    }).filter(([name]) => systemNames.includes('All') || systemNames.includes(name));
    const own = Object.entries(message.attributes).filter(([name]) =>
      names.some((wanted) => covers(wanted, name)),
    );
    const attributes = Object.fromEntries(own);
    return {
      MessageId: message.id,
      ReceiptHandle: message.receipt,
      Body: message.body,
      MD5OfBody: digestOf(message.body),
      Attributes: system.length === 0 ? undefined : new Map(system),
      MessageAttributes:
        own.length === 0
          ? undefined
          : Object.fromEntries(own.map(([name, attribute]) => [name, { ...attribute }])),
      MD5OfMessageAttributes: attributesDigest(attributes),
    };
  };
}

/** `All`, `.*`, a name, or the beginning of names with `.*` after it. */
function covers(wanted: string, name: string): boolean {
  if (wanted === 'All' || wanted === '.*' || wanted === name) return true;
  return wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -1));
}
