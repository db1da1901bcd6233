/** UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy. */
import { describeRole } from '../describe-role.js';
import { readPolicyDocument, type IamOperation } from '../operation.js';
import { checkTrust } from '../trust.js';
import { MAX_TRUST_POLICY, readDescription, readMaxSession } from './create-role.js';

export const updateRole: IamOperation = {
  name: 'UpdateRole',
  parameters: ['RoleName', 'Description', 'MaxSessionDuration'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:UpdateRole', directory.roleArn(name));
    const role = directory.role(name);
    await directory.saveRole({
      ...role,
      description: readDescription(input) ?? role.description,
      maxSessionSeconds: readMaxSession(input) ?? role.maxSessionSeconds,
    });
    return {};
  },
};

export const updateRoleDescription: IamOperation = {
  name: 'UpdateRoleDescription',
  parameters: ['RoleName', 'Description'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:UpdateRoleDescription', directory.roleArn(name));
    const role = { ...directory.role(name), description: readDescription(input) };
    await directory.saveRole(role);
    return { Role: describeRole(role) };
  },
};

export const updateAssumeRolePolicy: IamOperation = {
  name: 'UpdateAssumeRolePolicy',
  parameters: ['RoleName', 'PolicyDocument'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:UpdateAssumeRolePolicy', directory.roleArn(name));
    const role = directory.role(name);
    const trustPolicy = readPolicyDocument(input, 'PolicyDocument', 'trust', MAX_TRUST_POLICY);
    checkTrust(trustPolicy, directory);
    await directory.saveRole({ ...role, trustPolicy });
    return {};
  },
};
