/**
 * IAM's decision on every call: who may do what to which resource.
 */
import type { AccessControl, AccessRequest } from '../cloud.js';
import { AwsError, type Principal } from '../service.js';

export class RoleAccess implements AccessControl {
  allows({ caller }: AccessRequest): boolean {
    return caller.kind === 'root';
  }

  authorize(request: AccessRequest): void {
    if (this.allows(request)) return;
    throw new AwsError('AccessDenied', describeDenial(request), 403);
  }

  assumeForService(roleArn: string): Promise<never> {
    return Promise.reject(
      new AwsError('NoSuchEntity', `The role ${roleArn} cannot be found.`, 404),
    );
  }
}

function describeDenial({ caller, action, resource }: AccessRequest): string {
  return `${nameOf(caller)} is not authorized to perform: ${action} on resource: ${resource}`;
}

function nameOf(caller: Principal): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'Anonymous';
    case 'service':
      return `Service: ${caller.service}`;
    case 'root':
    case 'role':
      return `User: ${caller.arn}`;
  }
}
