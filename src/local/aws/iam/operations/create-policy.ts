/** CreatePolicy. */
import { AwsError } from '../../service.js';
import { describePolicy } from '../describe-role.js';
import type { ManagedPolicy } from '../managed-policy.js';
import {
  mergeTags,
  readName,
  readPath,
  readPolicyDocument,
  type IamOperation,
} from '../operation.js';
import { readDescription } from './create-role.js';

/** Characters of a managed policy, without white space. */
export const MAX_MANAGED_POLICY = 6144;

export const createPolicy: IamOperation = {
  name: 'CreatePolicy',
  parameters: ['PolicyName', 'Path', 'PolicyDocument', 'Description', 'Tags'],
  run: async (input, call, directory) => {
    const name = readName(input, 'PolicyName', 128);
    const path = readPath(input);
    const arn = `arn:aws:iam::${directory.accountId}:policy${path}${name}`;
    call.authorize('iam:CreatePolicy', arn);
    const document = readPolicyDocument(input, 'PolicyDocument', 'identity', MAX_MANAGED_POLICY);
    if (directory.listPolicies().some((other) => other.name.toLowerCase() === name.toLowerCase())) {
      const message = `A policy called ${name} already exists. Duplicate names are not allowed.`;
      throw new AwsError('EntityAlreadyExists', message, 409);
    }
    const now = directory.clock.now();
    const policy: ManagedPolicy = {
      name,
      path,
      arn,
      id: directory.newPolicyId(),
      createdAtMs: now,
      updatedAtMs: now,
      description: readDescription(input),
      tags: mergeTags({}, input.tags()),
      versions: [{ id: 'v1', document, createdAtMs: now }],
      defaultVersionId: 'v1',
    };
    await directory.savePolicy(policy);
    return { Policy: describePolicy(policy, directory) };
  },
};
