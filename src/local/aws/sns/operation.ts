/** What the operations of SNS share. */
import type { InputWording } from '../protocols/input.js';
import type { Call, Operation } from '../protocols/operation-service.js';
import type { Input } from '../protocols/input.js';
import { AwsError } from '../service.js';
import type { Delivery } from './delivery.js';
import type { Publication } from './publication.js';
import { policyOf } from './topic-attributes.js';
import type { Topic, Topics } from './topics.js';

export interface SnsContext {
  readonly topics: Topics;
  readonly delivery: Delivery;
  readonly publication: Publication;
}

export type SnsOperation = Operation<SnsContext>;

export const SNS_WORDING: InputWording = {
  missing: (name) => invalidParameter(`${name} Reason: no value for required parameter`),
  invalid: (name, why) => invalidParameter(`${name} Reason: ${why}`),
};

export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}

export function topicArn(call: Call, name: string): string {
  return `arn:aws:sns:${call.region}:${call.cloud.accountId}:${name}`;
}

/** The topic named by a parameter, where the caller may do `action` on it. */
export function admittedTopic(
  input: Input,
  call: Call,
  { topics }: SnsContext,
  action: string,
  parameter = 'TopicArn',
): Topic {
  const arn = input.requiredString(parameter);
  const topic = topics.find(arn);
  const resourcePolicy = topic && policyOf(topic, call.cloud.accountId);
  call.authorize(action, arn, {}, resourcePolicy);
  return topics.get(arn, call.region);
}

const PAGE_SIZE = 100;

/** SNS's lists have pages of a hundred; the token is the position of the next. */
export function page<T>(
  all: readonly T[],
  input: Input,
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const token = input.string('NextToken');
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('NextToken');
  const end = start + PAGE_SIZE;
  return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
