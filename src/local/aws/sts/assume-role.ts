/** AssumeRole: a session of a role for whom its trust policy names. */
import { invalidInput } from '../iam/operation.js';
import type { Input } from '../protocols/input.js';
import type { Operation } from '../protocols/operation-service.js';
import { AwsError, type Principal } from '../service.js';
import type { StsContext } from './sts-context.js';
import {
  describeSession,
  readDuration,
  readSessionName,
  readSessionPolicies,
} from './session-wishes.js';

/** A session made with the keys of a session lasts an hour at most (role chaining). */
const MAX_CHAINED_SECONDS = 3600;
const MIN_ARN_LENGTH = 20;

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
    if (roleArn.length < MIN_ARN_LENGTH) {
      throw invalidInput(
        'RoleArn',
        `Member must have length greater than or equal to ${MIN_ARN_LENGTH}`,
      );
    }
    if (!roleArn.startsWith('arn:')) throw new AwsError('ValidationError', `${roleArn} is invalid`);
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
    refuseLongChain(input, caller);
    const session = access.openSession({
      role,
      sessionName,
      durationSeconds: readDuration(input, role),
      sessionPolicies: readSessionPolicies(input, directory),
    });
    return describeSession(session, role);
  },
};

function refuseLongChain(input: Input, caller: Principal): void {
  if (caller.kind !== 'role' || (input.integer('DurationSeconds') ?? 0) <= MAX_CHAINED_SECONDS) {
    return;
  }
  throw new AwsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  );
}

function notAuthorized(caller: Principal, roleArn: string): AwsError {
  const name = caller.kind === 'root' || caller.kind === 'role' ? caller.arn : 'anonymous';
  return new AwsError(
    'AccessDenied',
    `User: ${name} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );
}
