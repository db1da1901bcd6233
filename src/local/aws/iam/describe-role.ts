/** A role and a managed policy as IAM's answers show them. */
import type { Output } from '../protocols/protocol.js';
import type { Directory, Role } from './directory.js';
import type { ManagedPolicy, PolicyVersion } from './managed-policy.js';
import { encodeDocument, writeTags } from './operation.js';

export function describeRole(role: Role): Output {
  return {
    ...describeRoleInList(role),
    ...(Object.keys(role.tags).length > 0 && { Tags: writeTags(role.tags) }),
    RoleLastUsed: {},
  };
}

/** Lists leave the tags out. */
export function describeRoleInList(role: Role): Output {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAtMs),
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
  };
}

export function describePolicy(policy: ManagedPolicy, directory: Directory): Output {
  return {
    ...describePolicyInList(policy, directory),
    Description: policy.description,
    ...(Object.keys(policy.tags).length > 0 && { Tags: writeTags(policy.tags) }),
  };
}

export function describePolicyInList(policy: ManagedPolicy, directory: Directory): Output {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: directory.rolesWithPolicy(policy.arn).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAtMs),
    UpdateDate: new Date(policy.updatedAtMs),
  };
}

export function describeVersion(version: PolicyVersion, policy: ManagedPolicy): Output {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: new Date(version.createdAtMs),
  };
}
