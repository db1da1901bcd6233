/** Publish, PublishBatch. */
import { randomUUID } from 'node:crypto';

import type { Input } from '../../protocols/input.js';
import type { Call } from '../../protocols/operation-service.js';
import { AwsError } from '../../service.js';
import type { Message, MessageAttribute } from '../message.js';
import { invalidParameter, type SnsContext, type SnsOperation } from '../operation.js';
import type { Topic } from '../topics.js';

/** Of a message and its attributes, or of all messages of a batch. */
const MAX_BYTES = 262_144;
const MAX_BATCH = 10;
const MESSAGE_PARAMETERS = ['Message', 'Subject', 'MessageStructure', 'MessageAttributes'] as const;

export const publish: SnsOperation = {
  name: 'Publish',
  parameters: ['TopicArn', 'TargetArn', ...MESSAGE_PARAMETERS],
  run: async (input, call, context) => {
    const arn = input.string('TopicArn') ?? input.string('TargetArn');
    if (arn === undefined)
      throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
    const topic = admit(arn, call, context);
    const message = readMessage(input, call);
    await context.publication.send(topic, message);
    return { MessageId: message.id };
  },
};

export const publishBatch: SnsOperation = {
  name: 'PublishBatch',
  parameters: ['TopicArn', 'PublishBatchRequestEntries'],
  run: async (input, call, context) => {
    const topic = admit(input.requiredString('TopicArn'), call, context);
    const entries = input.structures('PublishBatchRequestEntries') ?? [];
    checkBatch(entries);
    const Successful: { Id: string; MessageId: string }[] = [];
    const Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = [];
    for (const entry of entries) {
      const Id = entry.requiredString('Id');
      try {
        entry.allowOnly(['Id', ...MESSAGE_PARAMETERS]);
        const message = readMessage(entry, call);
        await context.publication.send(topic, message);
        Successful.push({ Id, MessageId: message.id });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({
          Id,
          Code: error.code,
          Message: error.message,
          SenderFault: error.status < 500,
        });
      }
    }
    return { Successful, Failed };
  },
};

function admit(arn: string, call: Call, { topics, publication }: SnsContext): Topic {
  const topic = topics.find(arn);
  if (topic === undefined) call.authorize('SNS:Publish', arn);
  else publication.admit(call.request.caller, topic);
  return topics.get(arn, call.region);
}

function readMessage(input: Input, call: Call): Message {
  const text = input.requiredString('Message');
  if (text === '') throw invalidParameter('Empty message');
  const attributes = readAttributes(input);
  const size =
    Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(Object.values(attributes)));
  if (size > MAX_BYTES) throw invalidParameter('Message too long');
  const subject = input.string('Subject');
  // Printable ASCII, no control characters, at most a hundred.
  if (subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(subject))
    throw invalidParameter('Subject');
  const isStructured = input.choice('MessageStructure', ['json']) === 'json';
  return {
    id: randomUUID(),
    subject,
    texts: isStructured ? readTexts(text) : { default: text },
    attributes,
    sentAtMs: call.cloud.clock.now(),
  };
}

/** With `MessageStructure: json` the message says what each protocol gets. */
function readTexts(text: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const texts = Object.entries(parsed ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  if (texts.some(([protocol]) => protocol === 'default')) return Object.fromEntries(texts);
  throw invalidParameter('Message Structure - No default entry in JSON message body');
}

function readAttributes(input: Input): Record<string, MessageAttribute> {
  const entries = input.structures('MessageAttributes') ?? [];
  return Object.fromEntries(
    entries.map((entry) => {
      const name = entry.requiredString('Name');
      const value = entry.structure('Value');
      const Type = value?.requiredString('DataType') ?? '';
      const Value = value?.string('StringValue') ?? value?.string('BinaryValue') ?? '';
      checkAttribute(name, Type, Value);
      return [name, { Type, Value }];
    }),
  );
}

/** Throws `AwsError` ParameterValueInvalid. */
function checkAttribute(name: string, type: string, value: string): void {
  const attribute = `message attribute '${name}'`;
  const refuse = (why: string) => new AwsError('ParameterValueInvalid', why);
  if (!/^(?:String|Number|Binary)(?:\.|$)/.test(type)) {
    throw refuse(
      `The ${attribute} has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  if (value === '') {
    throw refuse(
      `The ${attribute} must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (/^Number(?:\.|$)/.test(type) && Number.isNaN(Number(value))) {
    throw refuse(`Could not cast ${attribute} value to number.`);
  }
}

function checkBatch(entries: readonly Input[]): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  }
  if (entries.length > MAX_BATCH) {
    const message = 'The batch request contains more entries than permissible.';
    throw new AwsError('TooManyEntriesInBatchRequest', message);
  }
  const ids = entries.map((entry) => entry.requiredString('Id'));
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    const message =
      "The Id of a batch entry in a batch request doesn't abide by the specification.";
    throw new AwsError('InvalidBatchEntryId', message);
  }
  if (new Set(ids).size < ids.length) {
    const message = 'Two or more batch entries in the request have the same Id.';
    throw new AwsError('BatchEntryIdsNotDistinct', message);
  }
  const bytes = entries.map((entry) => Buffer.byteLength(entry.string('Message') ?? ''));
  if (bytes.reduce((sum, size) => sum + size, 0) > MAX_BYTES) {
    const message = 'The length of all the batch messages put together is more than the limit.';
    throw new AwsError('BatchRequestTooLong', message);
  }
}
