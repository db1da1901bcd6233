/** What a caller wishes of a session, whichever way it becomes the role: its name, its length, policies that narrow it. */
import { documentOf, type Directory, type Role } from '../iam/directory.js';
import { invalidInput } from '../iam/operation.js';
import type { RoleSession } from '../iam/role-access.js';
import { parsePolicy } from '../policy/document.js';
import type { Input } from '../protocols/input.js';
import type { Output } from '../protocols/protocol.js';
import { AwsError } from '../service.js';

const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 900;

export function readSessionName(input: Input): string {
  const name = input.requiredString('RoleSessionName');
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw invalidInput(
    'RoleSessionName',
    'Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}',
  );
}

export function readDuration(input: Input, role: Role): number {
  const seconds = input.integer('DurationSeconds') ?? DEFAULT_SECONDS;
  if (seconds < MIN_SECONDS) {
    throw invalidInput(
      'DurationSeconds',
      `Member must have value greater than or equal to ${MIN_SECONDS}`,
    );
  }
  if (seconds <= role.maxSessionSeconds) return seconds;
  throw new AwsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}

export function readSessionPolicies(input: Input, directory: Directory): string[] {
  const inline = input.string('Policy');
  if (inline !== undefined) parsePolicy(inline, 'identity');
  const managed = (input.structures('PolicyArns') ?? []).map((entry) =>
    documentOf(directory.policy(entry.requiredString('arn'))),
  );
  return inline === undefined ? managed : [inline, ...managed];
}

export function describeSession({ credentials, principal }: RoleSession, role: Role): Output {
  const sessionName = principal.arn.slice(principal.arn.lastIndexOf('/') + 1);
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: new Date(credentials.expiresAtMs),
    },
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: principal.arn },
  };
}
