/** RolePolicy (iam): a policy inside a role. Known as `role:name`, of which the external name is the latter half. */
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';
import { decodeDocument, NO_SUCH_ENTITY } from './role.js';

interface RolePolicyParameters {
  readonly role?: string;
  readonly policy: string;
}

export const rolePolicy: External<RolePolicyParameters> = {
  naming: 'given',
  fields: ['role', 'policy'],
  references: [{ field: 'role', to: 'iam/Role', take: 'externalName' }],
  comparison: { documents: ['policy'] },
  async observe({ name, region, forProvider: { role } }, aws) {
    if (role === undefined) return absent;
    const found = await unlessAbsent(
      aws
        .client('IAM', IAMClient, region)
        .send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name })),
      ...NO_SUCH_ENTITY,
    );
    if (found === undefined) return absent;
    return {
      exists: true,
      atProvider: { id: `${role}:${name}`, role, policy: decodeDocument(found.PolicyDocument) },
      usable: true,
      detail: undefined,
    };
  },
  async create({ name, region, forProvider }, aws) {
    await aws.client('IAM', IAMClient, region).send(putRolePolicy(name, forProvider));
    return undefined;
  },
  async update({ name, region, forProvider }, aws) {
    await aws.client('IAM', IAMClient, region).send(putRolePolicy(name, forProvider));
  },
  async remove({ name, region, forProvider: { role } }, aws) {
    await unlessAbsent(
      aws
        .client('IAM', IAMClient, region)
        .send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: name })),
      ...NO_SUCH_ENTITY,
    );
    return 'requested';
  },
};

function putRolePolicy(name: string, { role, policy }: RolePolicyParameters): PutRolePolicyCommand {
  return new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy });
}
