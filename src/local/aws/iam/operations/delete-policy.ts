/** DeletePolicy: only a policy that nothing uses, with its default version alone, goes. */
import { AwsError } from '../../service.js';
import type { IamOperation } from '../operation.js';
import { ownPolicy } from './policy-versions.js';

export const deletePolicy: IamOperation = {
  name: 'DeletePolicy',
  parameters: ['PolicyArn'],
  run: async (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:DeletePolicy', arn);
    const policy = ownPolicy(directory, arn);
    if (directory.rolesWithPolicy(arn).length > 0) {
      throw conflict('Cannot delete a policy attached to entities.');
    }
    if (policy.versions.length > 1) {
      throw conflict(
        "This policy has more than one version. Before you delete a policy, you must delete all the policy's versions.",
      );
    }
    await directory.deletePolicy(arn);
    return {};
  },
};

function conflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}
