import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { QueueSender } from '../../../../src/local/aws/sqs/queue-sender.js';
import { QueueStore } from '../../../../src/local/aws/sqs/queue-store.js';
import { createSqs } from '../../../../src/local/aws/sqs/service.js';
import { AwsError, type Service } from '../../../../src/local/aws/service.js';
import { aClock, type ManualClock } from '../../../builders/a-clock.js';
import { aCloud, aKilledCopy, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';

const ARN = 'arn:aws:sqs:eu-west-1:123456789012:q';
const QueueUrl = 'http://localhost/123456789012/q';

let clock: ManualClock;
let cloud: TestCloud;
let queues: QueueStore;
let sqs: Service;

beforeEach(async () => {
  clock = aClock();
  cloud = await aCloud({ clock });
  queues = await QueueStore.open(cloud);
  sqs = createSqs(cloud, { queues, endpointOf: () => 'http://localhost' });
});
afterEach(async () => {
  await sqs.close();
  await cloud.close();
  await removeCloud(cloud);
});

async function call(operation: string, input: object = {}): Promise<Record<string, unknown>> {
  const request = {
    ...{ id: 'r', region: 'eu-west-1', method: 'POST', path: '/', query: new URLSearchParams() },
    headers: { 'x-amz-target': `AmazonSQS.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
    caller: { kind: 'root', accountId: '123456789012', arn: 'arn:aws:iam::123456789012:root' },
  } as const;
  try {
    return JSON.parse(String((await sqs.answer(request)).body)) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { headers } = sqs.answerError(error, request);
    return { error: headers?.['x-amzn-query-error'] };
  }
}

const aQueue = (Attributes: object = {}) => call('CreateQueue', { QueueName: 'q', Attributes });
const send = (MessageBody: string) => call('SendMessage', { QueueUrl, MessageBody });
const receive = async (more: object = {}) => {
  const { Messages = [] } = await call('ReceiveMessage', {
    ...{ QueueUrl, MaxNumberOfMessages: 10 },
    ...more,
  });
  return Messages as { Body: string; ReceiptHandle: string }[];
};
const bodies = async () => (await receive()).map(({ Body }) => Body);

describe('SQS', () => {
  test('gives a message to one receiver at a time, until it is deleted', async () => {
    await aQueue();
    await send('pay');
    const [taken] = await receive();
    expect(await bodies()).toEqual([]);
    await clock.leap(30_000);
    expect(await bodies()).toEqual(['pay']);
    await call('DeleteMessage', { QueueUrl, ReceiptHandle: taken?.ReceiptHandle });
    await clock.leap(30_000);
    expect(await bodies()).toEqual([]);
  });

  test('lets a receiver give a message back, or keep it longer, while it is the latest', async () => {
    await aQueue();
    await send('pay');
    const [first] = await receive();
    const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
      call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout });
    await change(first?.ReceiptHandle, 0);
    const [second] = await receive();
    expect(second?.Body).toBe('pay');
    await expect(change(first?.ReceiptHandle, 0)).resolves.toEqual({
      error: 'InvalidParameterValue;Sender',
    });
    await change(second?.ReceiptHandle, 60);
    await clock.leap(30_000);
    expect(await bodies()).toEqual([]);
  });

  test('answers who waits as soon as a message comes', async () => {
    await aQueue();
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send('at last');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['at last']);
  });

  test('moves what nobody could handle to the dead-letter queue', async () => {
    await call('CreateQueue', { QueueName: 'dead' });
    const deadLetterTargetArn = 'arn:aws:sqs:eu-west-1:123456789012:dead';
    await aQueue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }) });
    await send('poison');
    expect(await bodies()).toEqual(['poison']);
    await clock.leap(30_000);
    expect(await bodies()).toEqual([]);
    const dead = await receive({ QueueUrl: 'http://localhost/123456789012/dead' });
    expect(dead.map(({ Body }) => Body)).toEqual(['poison']);
  });

  test('delays, and forgets what is older than it keeps', async () => {
    await aQueue({ DelaySeconds: '5', MessageRetentionPeriod: '60' });
    await send('late');
    expect(await bodies()).toEqual([]);
    await clock.leap(5000);
    expect(await bodies()).toEqual(['late']);
    await clock.leap(60_000);
    expect(await bodies()).toEqual([]);
  });

  test('has every acknowledged message after a kill, in order', async () => {
    await aQueue();
    await send('1');
    await send('2');
    const copy = await aKilledCopy(cloud);
    const store = await QueueStore.open({ state: copy.state, clock });
    const queue = store.find(ARN);
    const there = queue === undefined ? [] : await store.receive(queue, 10, 0);
    expect(there.map(({ body }) => body)).toEqual(['1', '2']);
    await copy.close();
    await removeCloud(copy);
  });

  test.each([
    {
      operation: 'SendMessage',
      input: { QueueUrl: 'http://localhost/123456789012/none', MessageBody: 'x' },
      error: 'AWS.SimpleQueueService.NonExistentQueue;Sender',
    },
    {
      operation: 'SendMessage',
      input: { QueueUrl, MessageBody: '' },
      error: 'InvalidParameterValue;Sender',
    },
    { operation: 'SendMessage', input: { QueueUrl }, error: 'MissingParameter;Sender' },
    {
      operation: 'DeleteMessage',
      input: { QueueUrl, ReceiptHandle: 'x' },
      error: 'ReceiptHandleIsInvalid;Sender',
    },
    {
      operation: 'SendMessageBatch',
      input: { QueueUrl, Entries: [] },
      error: 'AWS.SimpleQueueService.EmptyBatchRequest;Sender',
    },
    {
      operation: 'SetQueueAttributes',
      input: { QueueUrl, Attributes: { DelaySeconds: '901' } },
      error: 'InvalidAttributeValue;Sender',
    },
    {
      operation: 'SetQueueAttributes',
      input: { QueueUrl, Attributes: { KmsMasterKeyId: 'k' } },
      error: 'InvalidAttributeName;Sender',
    },
    {
      operation: 'CreateQueue',
      input: { QueueName: 'q', Attributes: { DelaySeconds: '1' } },
      error: 'QueueAlreadyExists;Sender',
    },
    {
      operation: 'CreateQueue',
      input: { QueueName: 'x.fifo' },
      error: 'InvalidParameterValue;Sender',
    },
    { operation: 'StartMessageMoveTask', input: {}, error: 'InvalidAction;Sender' },
  ])('refuses $operation $input with $error', async ({ operation, input, error }) => {
    await aQueue();
    await expect(call(operation, input)).resolves.toEqual({ error });
  });
});

describe('a service that sends to a queue', () => {
  const message = {
    ...{ service: 'sns.amazonaws.com', sourceArn: 'arn:aws:sns:eu-west-1:123456789012:t' },
    ...{ queueArn: ARN, body: 'news', attributes: {} },
  };

  test("sends as itself under the queue's policy", async () => {
    await aQueue();
    await new QueueSender(cloud, queues).send(message);
    expect(await bodies()).toEqual(['news']);
    cloud.allow(({ caller }) => caller.kind !== 'service');
    await expect(new QueueSender(cloud, queues).send(message)).rejects.toThrow('sqs:SendMessage');
  });

  test('is told where there is no such queue', async () => {
    await expect(new QueueSender(cloud, queues).send(message)).rejects.toMatchObject({
      code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });

  test.each([
    {
      sentence: 'a message with a character that SQS does not take',
      send: () => send('bell \u0007'),
      error: 'InvalidMessageContents',
    },
    {
      sentence: 'an attribute of a message without a value',
      send: () =>
        call('SendMessage', {
          ...{ QueueUrl, MessageBody: 'x' },
          MessageAttributes: { kind: { DataType: 'String', StringValue: '' } },
        }),
      error: 'InvalidParameterValue',
    },
    {
      sentence: 'an id in a batch with other characters than ids have',
      send: () =>
        call('SendMessageBatch', { QueueUrl, Entries: [{ Id: 'a b', MessageBody: 'x' }] }),
      error: 'AWS.SimpleQueueService.InvalidBatchEntryId',
    },
    {
      sentence: 'the name of an attribute that no queue has',
      send: () => call('GetQueueAttributes', { QueueUrl, AttributeNames: ['Colour'] }),
      error: 'InvalidAttributeName',
    },
    {
      sentence: 'a queue for dead letters that is not there',
      send: () =>
        call('SetQueueAttributes', {
          QueueUrl,
          Attributes: {
            RedrivePolicy: `{"deadLetterTargetArn":"${ARN}-dead","maxReceiveCount":1}`,
          },
        }),
      error: 'InvalidParameterValue',
    },
  ])('refuses $sentence', async ({ send: sent, error }) => {
    await aQueue();
    await expect(sent()).resolves.toEqual({ error: `${error};Sender` });
  });
});
