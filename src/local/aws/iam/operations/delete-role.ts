/** DeleteRole: only a role without policies goes. */
import { AwsError } from '../../service.js';
import type { IamOperation } from '../operation.js';

export const deleteRole: IamOperation = {
  name: 'DeleteRole',
  parameters: ['RoleName'],
  run: async (input, call, directory) => {
    const name = input.requiredString('RoleName');
    call.authorize('iam:DeleteRole', directory.roleArn(name));
    const role = directory.role(name);
    if (role.attached.length > 0) {
      throw conflict('Cannot delete entity, must detach all policies first.');
    }
    if (Object.keys(role.inline).length > 0) {
      throw conflict('Cannot delete entity, must delete policies first.');
    }
    await directory.deleteRole(name);
    return {};
  },
};

function conflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}
