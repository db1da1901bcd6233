/** AssumeRole: a session of a role for whom its trust policy names. */
import { documentOf, type Role } from '../iam/directory.js';
import { invalidInput } from '../iam/operation.js';
import { parsePolicy } from '../policy/document.js';
import type { Input } from '../protocols/input.js';
import type { Operation } from '../protocols/operation-service.js';
import { AwsError, type Principal } from '../service.js';
import type { StsContext } from './service.js';

/** A session made with the keys of a session lasts an hour at most (role chaining). */
const MAX_CHAINED_SECONDS = 3600;
const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 900;

export const assumeRole: Operation<StsContext> = {
  name: 'AssumeRole',
  parameters: [
    'RoleArn',
    'RoleSessionName',
    'DurationSeconds',
    'Policy',
    'PolicyArns',
    'ExternalId',
  ],
  run: (input, { request: { caller } }, { directory, access }) => {
    const roleArn = input.requiredString('RoleArn');
    const sessionName = readSessionName(input);
    const externalId = input.string('ExternalId');
    const role = directory.findRoleByArn(roleArn);
    const context = {
      'sts:RoleSessionName': sessionName,
      ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
    };
    // A role that does not exist and one that is not trusted look the same from outside.
    if (role === undefined || access.trusts(role, caller, 'sts:AssumeRole', context) !== 'allow') {
      throw notAuthorized(caller, roleArn);
    }
    const session = access.openSession({
      role,
      sessionName,
      durationSeconds: readDuration(input, role, caller),
      sessionPolicies: readSessionPolicies(input, directory),
    });
    const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = session.credentials;
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(expiresAtMs),
      },
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: session.principal.arn },
    };
  },
};

function readSessionName(input: Input): string {
  const name = input.requiredString('RoleSessionName');
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw invalidInput(
    'RoleSessionName',
    'Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}',
  );
}

function readDuration(input: Input, role: Role, caller: Principal): number {
  const seconds = input.integer('DurationSeconds') ?? DEFAULT_SECONDS;
  if (seconds < MIN_SECONDS) {
    throw invalidInput(
      'DurationSeconds',
      `Member must have value greater than or equal to ${MIN_SECONDS}`,
    );
  }
  if (caller.kind === 'role' && seconds > MAX_CHAINED_SECONDS) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds <= role.maxSessionSeconds) return seconds;
  throw new AwsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}

function readSessionPolicies(input: Input, directory: StsContext['directory']): string[] {
  const inline = input.string('Policy');
  if (inline !== undefined) parsePolicy(inline, 'identity');
  const managed = (input.structures('PolicyArns') ?? []).map((entry) =>
    documentOf(directory.policy(entry.requiredString('arn'))),
  );
  return inline === undefined ? managed : [inline, ...managed];
}

function notAuthorized(caller: Principal, roleArn: string): AwsError {
  const name = caller.kind === 'root' || caller.kind === 'role' ? caller.arn : 'anonymous';
  return new AwsError(
    'AccessDenied',
    `User: ${name} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );
}
