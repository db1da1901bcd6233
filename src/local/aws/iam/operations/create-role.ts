/** CreateRole. */
import { AwsError } from '../../service.js';
import type { Role } from '../directory.js';
import {
  invalidInput,
  mergeTags,
  readName,
  readPath,
  readPolicyDocument,
  type IamOperation,
} from '../operation.js';
import { checkTrust } from '../trust.js';
import { describeRole } from '../describe-role.js';
import type { Input } from '../../protocols/input.js';

/** Characters without white space: IAM's quota for a trust policy. */
export const MAX_TRUST_POLICY = 2048;

export const createRole: IamOperation = {
  name: 'CreateRole',
  parameters: [
    'RoleName',
    'Path',
    'AssumeRolePolicyDocument',
    'Description',
    'MaxSessionDuration',
    'Tags',
  ],
  run: async (input, call, directory) => {
    const name = readName(input, 'RoleName', 64);
    const path = readPath(input);
    const arn = `arn:aws:iam::${directory.accountId}:role${path}${name}`;
    call.authorize('iam:CreateRole', arn);
    const role: Role = {
      name,
      path,
      arn,
      id: directory.newRoleId(),
      createdAtMs: directory.clock.now(),
      trustPolicy: readPolicyDocument(input, 'AssumeRolePolicyDocument', 'trust', MAX_TRUST_POLICY),
      description: readDescription(input),
      maxSessionSeconds: readMaxSession(input) ?? 3600,
      tags: mergeTags({}, input.tags()),
      inline: {},
      attached: [],
    };
    checkTrust(role.trustPolicy, directory);
    // Names are unique whatever their case.
    if (directory.listRoles().some((other) => other.name.toLowerCase() === name.toLowerCase())) {
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    }
    await directory.saveRole(role);
    return { Role: describeRole(role) };
  },
};

export function readMaxSession(input: Input): number | undefined {
  const seconds = input.integer('MaxSessionDuration');
  if (seconds === undefined || (seconds >= 3600 && seconds <= 43_200)) return seconds;
  throw invalidInput('MaxSessionDuration', 'Member must have value between 3600 and 43200');
}

export function readDescription(input: Input): string | undefined {
  const description = input.string('Description');
  if (description === undefined || description.length <= 1000) return description;
  throw invalidInput('Description', 'Member must have length less than or equal to 1000');
}
