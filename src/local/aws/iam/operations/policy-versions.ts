/** CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions, SetDefaultPolicyVersion, DeletePolicyVersion. */
import { AwsError } from '../../service.js';
import { describeVersion } from '../describe-role.js';
import type { Directory } from '../directory.js';
import type { ManagedPolicy, PolicyVersion } from '../managed-policy.js';
import {
  encodeDocument,
  page,
  PAGE_PARAMETERS,
  readPolicyDocument,
  type IamOperation,
} from '../operation.js';
import { MAX_MANAGED_POLICY } from './create-policy.js';

/** How many versions a policy keeps; IAM makes room for no sixth by itself. */
export const MAX_VERSIONS = 5;

export const createPolicyVersion: IamOperation = {
  name: 'CreatePolicyVersion',
  parameters: ['PolicyArn', 'PolicyDocument', 'SetAsDefault'],
  run: async (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:CreatePolicyVersion', arn);
    const policy = ownPolicy(directory, arn);
    const document = readPolicyDocument(input, 'PolicyDocument', 'identity', MAX_MANAGED_POLICY);
    if (policy.versions.length >= MAX_VERSIONS) {
      throw new AwsError(
        'LimitExceeded',
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
        409,
      );
    }
    const newest = Math.max(...policy.versions.map(({ id }) => Number(id.slice(1))));
    const lastId = Math.max(newest, policy.lastVersion ?? 0);
    const now = directory.clock.now();
    const version: PolicyVersion = { id: `v${lastId + 1}`, document, createdAtMs: now };
    const isDefault = input.boolean('SetAsDefault') ?? false;
    const updated: ManagedPolicy = {
      ...policy,
      updatedAtMs: now,
      versions: [version, ...policy.versions],
      lastVersion: lastId + 1,
      defaultVersionId: isDefault ? version.id : policy.defaultVersionId,
    };
    await directory.savePolicy(updated);
    return { PolicyVersion: describeVersion(version, updated) };
  },
};

export const getPolicyVersion: IamOperation = {
  name: 'GetPolicyVersion',
  parameters: ['PolicyArn', 'VersionId'],
  run: (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:GetPolicyVersion', arn);
    const policy = directory.policy(arn);
    const version = versionOf(policy, input.requiredString('VersionId'));
    const document = encodeDocument(version.document);
    return { PolicyVersion: { ...describeVersion(version, policy), Document: document } };
  },
};

export const listPolicyVersions: IamOperation = {
  name: 'ListPolicyVersions',
  parameters: ['PolicyArn', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:ListPolicyVersions', arn);
    const policy = directory.policy(arn);
    const { items, ...rest } = page(policy.versions, input);
    return { Versions: items.map((version) => describeVersion(version, policy)), ...rest };
  },
};

export const setDefaultPolicyVersion: IamOperation = {
  name: 'SetDefaultPolicyVersion',
  parameters: ['PolicyArn', 'VersionId'],
  run: async (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:SetDefaultPolicyVersion', arn);
    const policy = ownPolicy(directory, arn);
    const { id } = versionOf(policy, input.requiredString('VersionId'));
    await directory.savePolicy({
      ...policy,
      defaultVersionId: id,
      updatedAtMs: directory.clock.now(),
    });
    return {};
  },
};

export const deletePolicyVersion: IamOperation = {
  name: 'DeletePolicyVersion',
  parameters: ['PolicyArn', 'VersionId'],
  run: async (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:DeletePolicyVersion', arn);
    const policy = ownPolicy(directory, arn);
    const { id } = versionOf(policy, input.requiredString('VersionId'));
    if (id === policy.defaultVersionId) {
      throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
    }
    const versions = policy.versions.filter((version) => version.id !== id);
    await directory.savePolicy({ ...policy, versions });
    return {};
  },
};

/** A policy of the account. AWS's own cannot be changed. */
export function ownPolicy(directory: Directory, arn: string): ManagedPolicy {
  if (arn.startsWith('arn:aws:iam::aws:')) {
    throw new AwsError('AccessDenied', `${arn} is managed by AWS and cannot be changed.`, 403);
  }
  return directory.policy(arn);
}

function versionOf(policy: ManagedPolicy, id: string): PolicyVersion {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (version !== undefined) return version;
  const message = `Policy ${policy.arn} version ${id} does not exist or is not attachable.`;
  throw new AwsError('NoSuchEntity', message, 404);
}
