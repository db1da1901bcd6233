/** The attributes of a queue: their defaults and limits, which are SQS's. */
import { AwsError } from '../service.js';
import { parsePolicy } from '../policy/document.js';
import type { Queue } from './queue.js';

interface NumberAttribute {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

const NUMBERS: Readonly<Record<string, NumberAttribute>> = {
  VisibilityTimeout: { usual: 30, least: 0, most: 43_200 },
  MessageRetentionPeriod: { usual: 345_600, least: 60, most: 1_209_600 },
  DelaySeconds: { usual: 0, least: 0, most: 900 },
  ReceiveMessageWaitTimeSeconds: { usual: 0, least: 0, most: 20 },
  MaximumMessageSize: { usual: 1_048_576, least: 1024, most: 1_048_576 },
};

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export function numberOf({ attributes }: Queue, name: string): number {
  return Number(attributes[name] ?? NUMBERS[name]?.usual);
}

export function redriveOf({ attributes }: Pick<Queue, 'attributes'>): RedrivePolicy | undefined {
  const text = attributes.RedrivePolicy;
  return text === undefined ? undefined : readRedrive(text);
}

export function defaults(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(NUMBERS).map(([name, { usual }]) => [name, String(usual)]),
  );
}

/** `before` with `set` over it; an empty policy takes the policy away. Throws InvalidAttributeName or InvalidAttributeValue. */
export function mergeAttributes(
  before: Readonly<Record<string, string>>,
  set: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [name, value] of Object.entries(set)) check(name, value);
  const merged = Object.entries({ ...before, ...set });
  return Object.fromEntries(merged.filter(([, value]) => value !== ''));
}

function check(name: string, value: string): void {
  const limits = NUMBERS[name];
  if (limits !== undefined) {
    const number = Number(value);
    if (Number.isInteger(number) && number >= limits.least && number <= limits.most) return;
    throw invalidValue(name);
  }
  switch (name) {
    case 'Policy':
      if (value !== '') parsePolicy(value, 'resource');
      return;
    case 'RedrivePolicy':
      if (value !== '') readRedrive(value);
      return;
    case 'SqsManagedSseEnabled':
      if (value !== 'true' && value !== 'false') throw invalidValue(name);
      return;
    default:
      throw new AwsError(
        'InvalidAttributeName',
        `Unknown Attribute ${name}, or one that the local AWS does not have.`,
      );
  }
}

function readRedrive(text: string): RedrivePolicy {
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as Record<string, unknown>;
    const count = Number(maxReceiveCount);
    if (typeof deadLetterTargetArn === 'string' && Number.isInteger(count) && count >= 1) {
      return { deadLetterTargetArn, maxReceiveCount: count };
    }
  } catch {
    // Said below.
  }
  throw invalidValue('RedrivePolicy');
}

function invalidValue(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}
