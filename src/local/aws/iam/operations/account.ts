/** GetAccountSummary, GetAccountAuthorizationDetails: the whole account at a look. */
import type { Output } from '../../protocols/protocol.js';
import { describePolicyInList, describeRoleInList, describeVersion } from '../describe-role.js';
import type { Directory, Role } from '../directory.js';
import type { ManagedPolicy } from '../managed-policy.js';
import {
  encodeDocument,
  page,
  PAGE_PARAMETERS,
  writeTags,
  type IamOperation,
} from '../operation.js';
import { MAX_ATTACHED } from './attached-policies.js';
import { MAX_MANAGED_POLICY } from './create-policy.js';
import { MAX_TRUST_POLICY } from './create-role.js';
import { MAX_VERSIONS } from './policy-versions.js';

const ENTITIES = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;

export const getAccountSummary: IamOperation = {
  name: 'GetAccountSummary',
  parameters: [],
  run: (_input, call, directory) => {
    call.authorize('iam:GetAccountSummary', '*');
    const policies = directory.listPolicies();
    const summary = {
      AccountAccessKeysPresent: 1,
      AccountMFAEnabled: 0,
      AssumeRolePolicySizeQuota: MAX_TRUST_POLICY,
      AttachedPoliciesPerRoleQuota: MAX_ATTACHED,
      Groups: 0,
      InstanceProfiles: 0,
      MFADevices: 0,
      Policies: policies.length,
      PolicySizeQuota: MAX_MANAGED_POLICY,
      PolicyVersionsInUse: policies.flatMap(({ versions }) => versions).length,
      Providers: directory.identityProviders.list().length,
      Roles: directory.listRoles().length,
      ServerCertificates: 0,
      Users: 0,
      VersionsPerPolicyQuota: MAX_VERSIONS,
    };
    const entries = Object.entries(summary).map(([key, value]) => [key, String(value)] as const);
    return { SummaryMap: new Map(entries) };
  },
};

export const getAccountAuthorizationDetails: IamOperation = {
  name: 'GetAccountAuthorizationDetails',
  parameters: ['Filter', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    call.authorize('iam:GetAccountAuthorizationDetails', '*');
    const wanted = readFilter(input.strings('Filter') ?? [...ENTITIES], (why) =>
      input.invalid('Filter', why),
    );
    const roles = wanted.has('Role') ? directory.listRoles() : [];
    const all = [
      ...roles.map((role) => ({ role })),
      ...policiesIn(directory, wanted).map((policy) => ({ policy })),
    ];
    const { items, ...rest } = page(all, input);
    return {
      UserDetailList: [],
      GroupDetailList: [],
      RoleDetailList: items.flatMap((item) =>
        'role' in item ? [describeRole(item.role, directory)] : [],
      ),
      Policies: items.flatMap((item) =>
        'policy' in item ? [describePolicy(item.policy, directory)] : [],
      ),
      ...rest,
    };
  },
};

function readFilter(names: readonly string[], refuse: (why: string) => Error): Set<string> {
  if (names.every((name) => ENTITIES.some((known) => known === name))) return new Set(names);
  throw refuse(`must be among: ${ENTITIES.join(', ')}`);
}

/** Of AWS's own policies those that a role has. */
function policiesIn(directory: Directory, wanted: ReadonlySet<string>): ManagedPolicy[] {
  const attached = new Set(directory.listRoles().flatMap((role) => role.attached));
  const local = directory.listPolicies();
  const ofAws = [...attached]
    .filter((arn) => !local.some((policy) => policy.arn === arn))
    .map((arn) => directory.policy(arn));
  return [
    ...(wanted.has('LocalManagedPolicy') ? local : []),
    ...(wanted.has('AWSManagedPolicy') ? ofAws : []),
  ];
}

function describeRole(role: Role, directory: Directory): Output {
  const managed = role.attached.map((arn) => directory.policy(arn));
  return {
    ...describeRoleInList(role),
    InstanceProfileList: [],
    RolePolicyList: Object.entries(role.inline).map(([PolicyName, document]) => ({
      PolicyName,
      PolicyDocument: encodeDocument(document),
    })),
    AttachedManagedPolicies: managed.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })),
    Tags: writeTags(role.tags),
    RoleLastUsed: {},
  };
}

function describePolicy(policy: ManagedPolicy, directory: Directory): Output {
  return {
    ...describePolicyInList(policy, directory),
    PolicyVersionList: policy.versions.map((version) => ({
      ...describeVersion(version, policy),
      Document: encodeDocument(version.document),
    })),
  };
}
