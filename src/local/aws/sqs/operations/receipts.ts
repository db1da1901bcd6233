/** DeleteMessage, ChangeMessageVisibility and their batches: what a receiver does with the receipt it was given. */
import type { Input } from '../../protocols/input.js';
import { AwsError } from '../../service.js';
import type { Queue } from '../queue.js';
import {
  admittedQueue,
  doBatch,
  integerWithin,
  type SqsContext,
  type SqsOperation,
} from '../operation.js';

const RECEIPT = /^\d{16}-[0-9a-f-]{36}$/;

export const deleteMessage: SqsOperation = {
  name: 'DeleteMessage',
  parameters: ['QueueUrl', 'ReceiptHandle'],
  run: (input, call, context) =>
    remove(input, context, admittedQueue(input, call, context, 'DeleteMessage')),
};

export const deleteMessageBatch: SqsOperation = {
  name: 'DeleteMessageBatch',
  parameters: ['QueueUrl', 'Entries'],
  run: (input, call, context) => {
    const queue = admittedQueue(input, call, context, 'DeleteMessage');
    return doBatch(input, (entry) => remove(entry, context, queue));
  },
};

export const changeMessageVisibility: SqsOperation = {
  name: 'ChangeMessageVisibility',
  parameters: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
  run: (input, call, context) =>
    change(input, context, admittedQueue(input, call, context, 'ChangeMessageVisibility')),
};

export const changeMessageVisibilityBatch: SqsOperation = {
  name: 'ChangeMessageVisibilityBatch',
  parameters: ['QueueUrl', 'Entries'],
  run: (input, call, context) => {
    const queue = admittedQueue(input, call, context, 'ChangeMessageVisibility');
    return doBatch(input, (entry) => change(entry, context, queue));
  },
};

/** A receipt of an earlier receiver deletes too, as in SQS, unless the message is gone already. */
async function remove(input: Input, { queues }: SqsContext, queue: Queue) {
  const receipt = readReceipt(input);
  if (queues.byReceipt(queue, receipt) !== undefined) await queues.remove(queue, receipt);
  return {};
}

async function change(input: Input, { queues }: SqsContext, queue: Queue) {
  const receipt = readReceipt(input);
  const seconds = integerWithin(input, 'VisibilityTimeout', -1, [0, 43_200]);
  const found = queues.byReceipt(queue, receipt);
  if (found?.isLatest !== true) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  await queues.hide(receipt, found.message, seconds);
  return {};
}

function readReceipt(input: Input): string {
  const receipt = input.requiredString('ReceiptHandle');
  if (RECEIPT.test(receipt)) return receipt;
  throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', 404);
}
