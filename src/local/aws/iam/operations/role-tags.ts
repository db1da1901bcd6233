/** TagRole, UntagRole, ListRoleTags. */
import {
  mergeTags,
  page,
  PAGE_PARAMETERS,
  withoutTags,
  writeTags,
  type IamOperation,
} from '../operation.js';

export const tagRole: IamOperation = {
  name: 'TagRole',
  parameters: ['RoleName', 'Tags'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:TagRole', directory.roleArn(name));
    const role = directory.role(name);
    await directory.saveRole({ ...role, tags: mergeTags(role.tags, input.tags()) });
    return {};
  },
};

export const untagRole: IamOperation = {
  name: 'UntagRole',
  parameters: ['RoleName', 'TagKeys'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:UntagRole', directory.roleArn(name));
    const role = directory.role(name);
    const keys = input.strings('TagKeys') ?? [];
    await directory.saveRole({ ...role, tags: withoutTags(role.tags, keys) });
    return {};
  },
};

export const listRoleTags: IamOperation = {
  name: 'ListRoleTags',
  parameters: ['RoleName', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:ListRoleTags', directory.roleArn(name));
    const { items, ...rest } = page(writeTags(directory.role(name).tags), input);
    return { Tags: items, ...rest };
  },
};
