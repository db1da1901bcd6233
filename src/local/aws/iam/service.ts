/**
 * IAM: roles, policies and OpenID Connect providers. Users, groups, instance profiles, permissions boundaries and SAML are
 * refused.
 *
 * Global, with its control plane in one region (`gateway/regions.ts`): while that region is down nothing here can be
 * called, but decisions on what stands go on everywhere, as in AWS.
 */
import type { Cloud } from '../cloud.js';
import { createOperationService } from '../protocols/operation-service.js';
import { queryProtocol } from '../protocols/query.js';
import type { Service } from '../service.js';
import type { Directory } from './directory.js';
import { IAM_WORDING, type IamOperation } from './operation.js';
import {
  attachRolePolicy,
  detachRolePolicy,
  listAttachedRolePolicies,
} from './operations/attached-policies.js';
import { createPolicy } from './operations/create-policy.js';
import { createRole } from './operations/create-role.js';
import { deletePolicy } from './operations/delete-policy.js';
import { deleteRole } from './operations/delete-role.js';
import { getAccountAuthorizationDetails, getAccountSummary } from './operations/account.js';
import { getUser, listAccountAliases } from './operations/get-user.js';
import {
  addClientId,
  listIdentityProviderTags,
  removeClientId,
  tagIdentityProvider,
  untagIdentityProvider,
  updateThumbprint,
} from './operations/identity-provider-settings.js';
import {
  createOpenIdConnectProvider,
  deleteOpenIdConnectProvider,
  getOpenIdConnectProvider,
  listOpenIdConnectProviders,
} from './operations/identity-providers.js';
import { listPolicyTags, tagPolicy, untagPolicy } from './operations/policy-tags.js';
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './operations/policy-versions.js';
import { getPolicy, listEntitiesForPolicy, listPolicies } from './operations/read-policies.js';
import { getRole, listInstanceProfilesForRole, listRoles } from './operations/read-roles.js';
import {
  deleteRolePolicy,
  getRolePolicy,
  listRolePolicies,
  putRolePolicy,
} from './operations/role-policies.js';
import { listRoleTags, tagRole, untagRole } from './operations/role-tags.js';
import { simulateCustomPolicy, simulatePrincipalPolicy } from './operations/simulate.js';
import {
  updateAssumeRolePolicy,
  updateRole,
  updateRoleDescription,
} from './operations/update-role.js';

const OPERATIONS: readonly IamOperation[] = [
  addClientId,
  attachRolePolicy,
  createOpenIdConnectProvider,
  createPolicy,
  createPolicyVersion,
  createRole,
  deleteOpenIdConnectProvider,
  deletePolicy,
  deletePolicyVersion,
  deleteRole,
  deleteRolePolicy,
  detachRolePolicy,
  getAccountAuthorizationDetails,
  getAccountSummary,
  getOpenIdConnectProvider,
  getPolicy,
  getPolicyVersion,
  getRole,
  getRolePolicy,
  getUser,
  listAccountAliases,
  listAttachedRolePolicies,
  listEntitiesForPolicy,
  listIdentityProviderTags,
  listInstanceProfilesForRole,
  listOpenIdConnectProviders,
  listPolicies,
  listPolicyTags,
  listPolicyVersions,
  listRolePolicies,
  listRoleTags,
  listRoles,
  putRolePolicy,
  removeClientId,
  setDefaultPolicyVersion,
  simulateCustomPolicy,
  simulatePrincipalPolicy,
  tagIdentityProvider,
  tagPolicy,
  tagRole,
  untagIdentityProvider,
  untagPolicy,
  untagRole,
  updateAssumeRolePolicy,
  updateRole,
  updateRoleDescription,
  updateThumbprint,
];

export function createIam(cloud: Cloud, directory: Directory): Service {
  return createOperationService({
    signingName: 'iam',
    cloud,
    context: directory,
    protocols: [
      queryProtocol({
        xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
        version: '2010-05-08',
      }),
    ],
    wording: IAM_WORDING,
    operations: OPERATIONS,
  });
}
