/** A role's inline policies: PutRolePolicy, GetRolePolicy, DeleteRolePolicy, ListRolePolicies. */
import { AwsError } from '../../service.js';
import type { Role } from '../directory.js';
import {
  encodeDocument,
  page,
  PAGE_PARAMETERS,
  readName,
  readPolicyDocument,
  type IamOperation,
} from '../operation.js';

/** Characters of all inline policies of a role together, without white space. */
const MAX_INLINE_POLICIES = 10_240;

export const putRolePolicy: IamOperation = {
  name: 'PutRolePolicy',
  parameters: ['RoleName', 'PolicyName', 'PolicyDocument'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:PutRolePolicy', directory.roleArn(name));
    const role = directory.role(name);
    const policyName = readName(input, 'PolicyName', 128);
    const document = readPolicyDocument(input, 'PolicyDocument', 'identity', MAX_INLINE_POLICIES);
    const inline = { ...role.inline, [policyName]: document };
    const size = Object.values(inline).join('').replace(/\s/g, '').length;
    if (size > MAX_INLINE_POLICIES) {
      const message = `Maximum policy size of ${MAX_INLINE_POLICIES} bytes exceeded for role ${name}`;
      throw new AwsError('LimitExceeded', message, 409);
    }
    await directory.saveRole({ ...role, inline });
    return {};
  },
};

export const getRolePolicy: IamOperation = {
  name: 'GetRolePolicy',
  parameters: ['RoleName', 'PolicyName'],
  run: (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:GetRolePolicy', directory.roleArn(name));
    const policyName = input.requiredString('PolicyName');
    const document = inlinePolicy(directory.role(name), policyName);
    return { RoleName: name, PolicyName: policyName, PolicyDocument: encodeDocument(document) };
  },
};

export const deleteRolePolicy: IamOperation = {
  name: 'DeleteRolePolicy',
  parameters: ['RoleName', 'PolicyName'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:DeleteRolePolicy', directory.roleArn(name));
    const role = directory.role(name);
    const policyName = input.requiredString('PolicyName');
    inlinePolicy(role, policyName);
    const left = Object.entries(role.inline).filter(([other]) => other !== policyName);
    await directory.saveRole({ ...role, inline: Object.fromEntries(left) });
    return {};
  },
};

export const listRolePolicies: IamOperation = {
  name: 'ListRolePolicies',
  parameters: ['RoleName', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:ListRolePolicies', directory.roleArn(name));
    const { items, ...rest } = page(Object.keys(directory.role(name).inline).sort(), input);
    return { PolicyNames: items, ...rest };
  },
};

function inlinePolicy(role: Role, policyName: string): string {
  const document = role.inline[policyName];
  if (document !== undefined) return document;
  const message = `The role policy with name ${policyName} cannot be found.`;
  throw new AwsError('NoSuchEntity', message, 404);
}
