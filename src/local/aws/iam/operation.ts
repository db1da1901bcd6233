/** What the operations of IAM share: their type, their words for bad input, pages, tags. */
import { AwsError } from '../service.js';
import type { Input, InputWording } from '../protocols/input.js';
import type { Operation } from '../protocols/operation-service.js';
import type { Output } from '../protocols/protocol.js';
import { parsePolicy, type PolicyKind } from '../policy/document.js';
import type { Directory } from './directory.js';

export type IamOperation = Operation<Directory>;

export const IAM_WORDING: InputWording = {
  missing: (name) => invalidInput(name, 'Member must not be null'),
  invalid: (name, why) => invalidInput(name, `Member ${why}`),
};

export function invalidInput(name: string, constraint: string): AwsError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^(?:\/|\/[\u0021-\u007e]+\/)$/;
const MAX_TAGS = 50;

export function readName(input: Input, parameter: string, maxLength: number): string {
  const name = input.requiredString(parameter);
  if (name.length > maxLength) {
    throw invalidInput(parameter, `Member must have length less than or equal to ${maxLength}`);
  }
  if (!NAME.test(name)) {
    throw invalidInput(parameter, 'Member must satisfy regular expression pattern: [\\w+=,.@-]+');
  }
  return name;
}

export function readPath(input: Input): string {
  const path = input.string('Path') ?? '/';
  if (path.length <= 512 && PATH.test(path)) return path;
  throw invalidInput('Path', 'Member must begin and end with / and contain only printable ASCII');
}

/** The document, checked. Throws `AwsError` MalformedPolicyDocument or LimitExceeded. */
export function readPolicyDocument(
  input: Input,
  parameter: string,
  kind: PolicyKind,
  maxLength: number,
): string {
  const text = input.requiredString(parameter);
  // IAM does not count white space.
  if (text.replace(/\s/g, '').length > maxLength) {
    throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${maxLength}`, 409);
  }
  parsePolicy(text, kind);
  return text;
}

/** Tags over those there were. Throws `AwsError` InvalidInput or LimitExceeded. */
export function mergeTags(
  before: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [key, value] of Object.entries(added)) {
    if (key.length < 1 || key.length > 128)
      throw invalidInput('Tags.Key', 'Member must have 1 to 128 characters');
    if (value.length > 256)
      throw invalidInput('Tags.Value', 'Member must have at most 256 characters');
    if (key.toLowerCase().startsWith('aws:')) {
      throw new AwsError('InvalidInput', 'Keys that begin with aws: are reserved for AWS.');
    }
  }
  const keys = Object.keys(added).map((key) => key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw new AwsError(
      'InvalidInput',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  const merged = { ...before, ...added };
  if (Object.keys(merged).length <= MAX_TAGS) return merged;
  throw new AwsError('LimitExceeded', `Cannot exceed quota for TagsPerResource: ${MAX_TAGS}`, 409);
}

export function withoutTags(
  before: Readonly<Record<string, string>>,
  keys: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(before).filter(([key]) => !keys.includes(key)));
}

export function writeTags(tags: Readonly<Record<string, string>>): Output[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** IAM answers documents percent-encoded. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text);
}

export const PAGE_PARAMETERS = ['Marker', 'MaxItems'] as const;

/** One page of a list; the marker is the position of the next. */
export function page<T>(
  all: readonly T[],
  input: Input,
): {
  readonly items: readonly T[];
  readonly IsTruncated: boolean;
  readonly Marker: string | undefined;
} {
  const size = input.integer('MaxItems') ?? 100;
  if (size < 1 || size > 1000) throw invalidInput('MaxItems', 'Member must be between 1 and 1000');
  const marker = input.string('Marker');
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64').toString('latin1'));
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new AwsError('InvalidInput', `Invalid Marker: ${String(marker)}`);
  }
  const end = start + size;
  const next = end < all.length ? Buffer.from(String(end), 'latin1').toString('base64') : undefined;
  return { items: all.slice(start, end), IsTruncated: next !== undefined, Marker: next };
}
