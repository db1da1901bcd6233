/** A role's managed policies: AttachRolePolicy, DetachRolePolicy, ListAttachedRolePolicies. */
import { AwsError } from '../../service.js';
import { page, PAGE_PARAMETERS, type IamOperation } from '../operation.js';

/** IAM's quota of managed policies on one role. */
export const MAX_ATTACHED = 10;

export const attachRolePolicy: IamOperation = {
  name: 'AttachRolePolicy',
  parameters: ['RoleName', 'PolicyArn'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:AttachRolePolicy', directory.roleArn(name), { 'iam:PolicyARN': arn });
    const role = directory.role(name);
    directory.policy(arn);
    if (role.attached.includes(arn)) return {};
    if (role.attached.length >= MAX_ATTACHED) {
      const message = `Cannot exceed quota for PoliciesPerRole: ${MAX_ATTACHED}`;
      throw new AwsError('LimitExceeded', message, 409);
    }
    await directory.saveRole({ ...role, attached: [...role.attached, arn] });
    return {};
  },
};

export const detachRolePolicy: IamOperation = {
  name: 'DetachRolePolicy',
  parameters: ['RoleName', 'PolicyArn'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:DetachRolePolicy', directory.roleArn(name), { 'iam:PolicyARN': arn });
    const role = directory.role(name);
    if (!role.attached.includes(arn)) {
      throw new AwsError('NoSuchEntity', `Policy ${arn} was not found.`, 404);
    }
    await directory.saveRole({ ...role, attached: role.attached.filter((other) => other !== arn) });
    return {};
  },
};

export const listAttachedRolePolicies: IamOperation = {
  name: 'ListAttachedRolePolicies',
  parameters: ['RoleName', 'PathPrefix', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:ListAttachedRolePolicies', directory.roleArn(name));
    const prefix = input.string('PathPrefix') ?? '/';
    const policies = directory
      .role(name)
      .attached.map((arn) => directory.policy(arn))
      .filter(({ path }) => path.startsWith(prefix));
    const { items, ...rest } = page(policies, input);
    const attached = items.map((policy) => ({ PolicyName: policy.name, PolicyArn: policy.arn }));
    return { AttachedPolicies: attached, ...rest };
  },
};
