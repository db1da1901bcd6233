/** GetCallerIdentity: allowed to everyone who has keys, whatever the policies say. */
import { refusal } from '../gateway/refusals.js';
import type { Operation } from '../protocols/operation-service.js';
import type { StsContext } from './sts-context.js';

export const getCallerIdentity: Operation<StsContext> = {
  name: 'GetCallerIdentity',
  parameters: [],
  run: (_input, { request: { caller } }, { directory }) => {
    switch (caller.kind) {
      case 'anonymous':
      case 'service':
      case 'federated':
        throw refusal('sts', 'unsigned');
      case 'root':
        return { UserId: caller.accountId, Account: caller.accountId, Arn: caller.arn };
      case 'role': {
        const role = directory.findRoleByArn(caller.roleArn);
        if (role === undefined || (caller.roleId !== undefined && caller.roleId !== role.id)) {
          throw refusal('sts', 'unknown-key');
        }
        const sessionName = caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
        return { UserId: `${role.id}:${sessionName}`, Account: caller.accountId, Arn: caller.arn };
      }
    }
  },
};
