/** How AWS words a denied call: who, what, on which resource, and which kind of policy is the reason. */
import type { AccessRequest } from '../cloud.js';
import type { Principal } from '../service.js';

export interface Denial {
  readonly by: 'identity' | 'resource' | 'session';
  /** Whether a statement says Deny, as against none saying Allow. */
  readonly isExplicit: boolean;
}

const POLICIES = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  session: 'session policy',
} as const;

export function describeDenial(
  { caller, action, resource }: AccessRequest,
  denial: Denial,
): string {
  const policy = POLICIES[denial.by];
  const article = denial.by === 'identity' ? 'an' : 'a';
  const reason = denial.isExplicit
    ? `with an explicit deny in ${article} ${policy}`
    : `because no ${policy} allows the ${action} action`;
  // S3 alone puts it in quotes.
  const shown = action.startsWith('s3:') ? `"${resource}"` : resource;
  return `${nameOf(caller)} is not authorized to perform: ${action} on resource: ${shown} ${reason}`;
}

function nameOf(caller: Principal): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'User: anonymous';
    case 'service':
      return `Service: ${caller.service}`;
    case 'federated':
      return `User: ${caller.user}`;
    case 'root':
    case 'role':
      return `User: ${caller.arn}`;
  }
}
