/** What the operations of CloudWatch Logs share: their words for bad input, the group or stream that is meant, pages. */
import { AwsError } from '../service.js';
import type { Input, InputWording } from '../protocols/input.js';
import type { Call, Operation } from '../protocols/operation-service.js';
import { groupArn, streamArn, type LogGroup, type LogStream } from './log-group.js';
import type { LogStore } from './log-store.js';

export type LogsOperation = Operation<LogStore>;

export const LOGS_WORDING: InputWording = {
  missing: (name) => invalidParameter(constraint(name, 'Member must not be null')),
  invalid: (name, why) => invalidParameter(constraint(name, `Member ${why}`)),
};

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

function constraint(name: string, rule: string): string {
  return `1 validation error detected: Value at '${name}' failed to satisfy constraint: ${rule}`;
}

const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const STREAM_NAME = /^[^:*]{1,512}$/;
const GROUP_ARN = /^arn:aws:logs:([a-z0-9-]+):(\d{12}):log-group:([^:]+)(?::\*)?$/;

/** Parameters that name a group, either of them. */
export const GROUP_PARAMETERS = ['logGroupName', 'logGroupIdentifier'] as const;

export function readGroupName(input: Input, parameter: string): string {
  const name = input.requiredString(parameter);
  if (GROUP_NAME.test(name)) return name;
  throw input.invalid(parameter, 'must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
}

export function readStreamName(input: Input): string {
  const name = input.requiredString('logStreamName');
  if (STREAM_NAME.test(name)) return name;
  throw input.invalid('logStreamName', 'must satisfy regular expression pattern: [^:*]*');
}

/** The name in an ARN of a group of this account and region, with or without `:*`. */
export function nameInArn(arn: string, call: Call): string {
  const [, region, accountId, name] = GROUP_ARN.exec(arn) ?? [];
  if (region === call.region && accountId === call.cloud.accountId && name !== undefined)
    return name;
  throw invalidParameter(`${arn} is not the ARN of a log group of this account and region.`);
}

/** The group that is meant, where the caller may do `action` on it, or on its stream of that name. */
export function admittedGroup(
  input: Input,
  call: Call,
  store: LogStore,
  action: string,
  streamName?: string,
): LogGroup {
  const name = readNameOrIdentifier(input, call);
  authorize(call, action, name, streamName);
  const group = store.group(call.region, name);
  if (group !== undefined) return group;
  throw notFound('log group');
}

export function authorize(
  call: Call,
  action: string,
  groupName: string,
  streamName?: string,
): void {
  const arn = groupArn(call.region, call.cloud.accountId, groupName);
  call.authorize(`logs:${action}`, streamArn(arn, streamName));
}

/** Throws ResourceNotFoundException. */
export function streamOf(store: LogStore, group: LogGroup, name: string): LogStream {
  const stream = store.stream(group, name);
  if (stream !== undefined) return stream;
  throw notFound('log stream');
}

export function notFound(what: 'log group' | 'log stream'): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

export function alreadyExists(what: 'log group' | 'log stream'): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

/** One page of a list; the token is the position of the next. */
export function page<T>(
  all: readonly T[],
  input: Input,
  mostPerPage: number,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const size = readLimit(input, mostPerPage, mostPerPage);
  const token = input.string('nextToken');
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw invalidParameter('The specified nextToken is invalid.');
  }
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? String(end) : undefined };
}

export function readLimit(input: Input, usual: number, most: number): number {
  const limit = input.integer('limit') ?? usual;
  if (limit >= 1 && limit <= most) return limit;
  throw input.invalid('limit', `must have a value from 1 to ${most}`);
}

function readNameOrIdentifier(input: Input, call: Call): string {
  if (!input.has('logGroupIdentifier')) return readGroupName(input, 'logGroupName');
  if (input.has('logGroupName')) {
    throw invalidParameter('LogGroupName and LogGroupIdentifier cannot both be given.');
  }
  const identifier = input.requiredString('logGroupIdentifier');
  return identifier.startsWith('arn:')
    ? nameInArn(identifier, call)
    : readGroupName(input, 'logGroupIdentifier');
}
