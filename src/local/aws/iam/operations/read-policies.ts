/** GetPolicy, ListPolicies, ListEntitiesForPolicy. */
import { describePolicy, describePolicyInList } from '../describe-role.js';
import { MANAGED_BY_AWS } from '../managed-by-aws.js';
import { page, PAGE_PARAMETERS, type IamOperation } from '../operation.js';

export const getPolicy: IamOperation = {
  name: 'GetPolicy',
  parameters: ['PolicyArn'],
  run: (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:GetPolicy', arn);
    return { Policy: describePolicy(directory.policy(arn), directory) };
  },
};

export const listPolicies: IamOperation = {
  name: 'ListPolicies',
  parameters: ['Scope', 'OnlyAttached', 'PathPrefix', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const prefix = input.string('PathPrefix') ?? '/';
    call.authorize('iam:ListPolicies', `arn:aws:iam::${directory.accountId}:policy${prefix}`);
    const scope = input.choice('Scope', ['All', 'AWS', 'Local']) ?? 'All';
    const onlyAttached = input.boolean('OnlyAttached') ?? false;
    const policies = [
      ...(scope === 'AWS' ? [] : directory.listPolicies()),
      ...(scope === 'Local' ? [] : MANAGED_BY_AWS.values()),
    ].filter(
      ({ arn, path }) =>
        path.startsWith(prefix) && (!onlyAttached || directory.rolesWithPolicy(arn).length > 0),
    );
    const { items, ...rest } = page(policies, input);
    return { Policies: items.map((policy) => describePolicyInList(policy, directory)), ...rest };
  },
};

/** Roles only: there are no users and groups here. */
export const listEntitiesForPolicy: IamOperation = {
  name: 'ListEntitiesForPolicy',
  parameters: ['PolicyArn', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:ListEntitiesForPolicy', arn);
    directory.policy(arn);
    const { items, ...rest } = page(directory.rolesWithPolicy(arn), input);
    return {
      PolicyGroups: [],
      PolicyUsers: [],
      PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...rest,
    };
  },
};
