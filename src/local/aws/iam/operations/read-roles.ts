/** GetRole, ListRoles, ListInstanceProfilesForRole. */
import { describeRole, describeRoleInList } from '../describe-role.js';
import { page, PAGE_PARAMETERS, type IamOperation } from '../operation.js';

export const getRole: IamOperation = {
  name: 'GetRole',
  parameters: ['RoleName'],
  run: (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:GetRole', directory.roleArn(name));
    return { Role: describeRole(directory.role(name)) };
  },
};

export const listRoles: IamOperation = {
  name: 'ListRoles',
  parameters: ['PathPrefix', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const prefix = input.string('PathPrefix') ?? '/';
    call.authorize('iam:ListRoles', `arn:aws:iam::${directory.accountId}:role${prefix}`);
    const { items, ...rest } = page(
      directory.listRoles().filter(({ path }) => path.startsWith(prefix)),
      input,
    );
    return { Roles: items.map(describeRoleInList), ...rest };
  },
};

/** There are no instance profiles here: what would make one is refused. */
export const listInstanceProfilesForRole: IamOperation = {
  name: 'ListInstanceProfilesForRole',
  parameters: ['RoleName', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:ListInstanceProfilesForRole', directory.roleArn(name));
    directory.role(name);
    return { InstanceProfiles: [], IsTruncated: false };
  },
};
