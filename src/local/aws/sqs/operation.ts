/** What the operations of SQS share: their words for bad input, the queue that is meant, batches. */
import type { Input, InputWording } from '../protocols/input.js';
import type { Call, Operation } from '../protocols/operation-service.js';
import type { Output } from '../protocols/protocol.js';
import { AwsError } from '../service.js';
import { queueArn, type Queue } from './queue.js';
import type { QueueStore } from './queue-store.js';

export interface SqsContext {
  readonly queues: QueueStore;
  /** The address of a region, which its queues' URLs begin with. */
  readonly endpointOf: (region: string) => string;
}

export type SqsOperation = Operation<SqsContext>;

export const SQS_WORDING: InputWording = {
  missing: (name) =>
    new AwsError('MissingParameter', `The request must contain the parameter ${name}.`),
  invalid: (name, why) =>
    new AwsError(
      'InvalidParameterValue',
      `Value for parameter ${name} is invalid. Reason: It ${why}.`,
    ),
};

/** The shape of an error by its query code, where they differ. */
export const SQS_ERROR_SHAPES: Readonly<Record<string, string>> = {
  'AWS.SimpleQueueService.NonExistentQueue': 'QueueDoesNotExist',
  'AWS.SimpleQueueService.UnsupportedOperation': 'UnsupportedOperation',
  'AWS.SimpleQueueService.EmptyBatchRequest': 'EmptyBatchRequest',
  'AWS.SimpleQueueService.TooManyEntriesInBatchRequest': 'TooManyEntriesInBatchRequest',
  'AWS.SimpleQueueService.BatchEntryIdsNotDistinct': 'BatchEntryIdsNotDistinct',
  'AWS.SimpleQueueService.InvalidBatchEntryId': 'InvalidBatchEntryId',
  QueueAlreadyExists: 'QueueNameExists',
  AccessDenied: 'AccessDeniedException',
  MissingParameter: 'MissingRequiredParameterException',
  InvalidParameterValue: 'InvalidParameterValueException',
};

export function queueDoesNotExist(): AwsError {
  return new AwsError(
    'AWS.SimpleQueueService.NonExistentQueue',
    'The specified queue does not exist.',
  );
}

export function urlOf({ region, name }: Queue, call: Call, { endpointOf }: SqsContext): string {
  return `${endpointOf(region)}/${call.cloud.accountId}/${name}`;
}

/** The queue of a URL, where the caller may do `action` on it. Of the URL its path counts: hosts have other names from outside. */
export function admittedQueue(
  input: Input,
  call: Call,
  { queues }: SqsContext,
  action: string,
): Queue {
  const url = input.requiredString('QueueUrl');
  const [, accountId, name = ''] = /\/(\d{12})\/([^/?]+)$/.exec(url) ?? [];
  const arn = queueArn(call.region, accountId ?? call.cloud.accountId, name);
  const queue = queues.find(arn);
  call.authorize(`sqs:${action}`, arn, {}, queue?.attributes.Policy);
  if (queue !== undefined) return queue;
  throw queueDoesNotExist();
}

export function integerWithin(
  input: Input,
  name: string,
  usual: number,
  [least, most]: readonly [number, number],
): number {
  const value = input.integer(name) ?? usual;
  if (value >= least && value <= most) return value;
  throw input.invalid(name, `must be from ${least} to ${most}`);
}

const MAX_ENTRIES = 10;

/** Does each entry of a batch by itself: what is wrong with one is said of it, and the others are done. */
export async function doBatch(
  input: Input,
  perform: (entry: Input) => Promise<Output>,
): Promise<Output> {
  const entries = input.structures('Entries') ?? [];
  const ids = entries.map((entry) => entry.requiredString('Id'));
  if (entries.length === 0) {
    throw batchError('EmptyBatchRequest', 'The batch request contains no entries.');
  }
  if (entries.length > MAX_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`;
    throw batchError('TooManyEntriesInBatchRequest', message);
  }
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    const message =
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
    throw batchError('InvalidBatchEntryId', message);
  }
  if (new Set(ids).size < ids.length) {
    throw batchError('BatchEntryIdsNotDistinct', 'Two entries of the batch have the same Id.');
  }
  const successful: Output[] = [];
  const failed: Output[] = [];
  for (const [i, entry] of entries.entries()) {
    try {
      successful.push({ Id: ids[i], ...(await perform(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: ids[i], SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful: successful, Failed: failed };
}

function batchError(code: string, message: string): AwsError {
  return new AwsError(`AWS.SimpleQueueService.${code}`, message);
}
