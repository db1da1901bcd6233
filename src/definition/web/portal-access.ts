/**
 * What the portal's own account may do: watch claims, what they are made of, and Compositions. Nothing it reads is shown to a
 * caller who may not read it, and it writes nothing: that is done with the caller's token (docs/decisions/0007).
 */
import { ApiResource, ClusterRole, ClusterRoleBinding, type IServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { CLAIM_API } from '../../model/claim/api.js';
import { MANAGED_KINDS } from '../../model/managed/kinds.js';

const READ = ['get', 'list', 'watch'];

/** The role that lets people see the cluster-scoped resources of their claims on its page; bound by the platform team. */
export const RESOURCES_ROLE = 'payments-dr-resources';

export class PortalAccess extends Construct {
  constructor(scope: Construct, account: IServiceAccount) {
    super(scope, 'access');
    const own = new ClusterRole(this, 'own', { metadata: { name: 'payments-dr-portal' } });
    own.allow(READ, ...claims(), composites(), ...managed());
    own.allow(
      ['get'],
      ApiResource.custom({ apiGroup: 'apiextensions.crossplane.io', resourceType: 'compositions' }),
    );
    new ClusterRoleBinding(this, 'binding', {
      metadata: { name: 'payments-dr-portal' },
      // By name: the types of the two do not fit each other where optional properties are exact.
      role: ClusterRole.fromClusterRoleName(this, 'own-role', own.name),
    }).addSubjects(account);
    const people = new ClusterRole(this, 'people', { metadata: { name: RESOURCES_ROLE } });
    people.allow(READ, ...managed());
  }
}

function claims(): ApiResource[] {
  return [
    resourceOf(CLAIM_API.cluster.group, CLAIM_API.cluster.claim.plural),
    resourceOf(CLAIM_API.namespaced.group, CLAIM_API.namespaced.composite.plural),
  ];
}

/** A composite that cannot be rendered says so itself: its claim goes on being Ready. */
function composites(): ApiResource {
  return resourceOf(CLAIM_API.cluster.group, CLAIM_API.cluster.composite.plural);
}

function managed(): ApiResource[] {
  return MANAGED_KINDS.map(({ group, plural }) => resourceOf(group, plural));
}

function resourceOf(apiGroup: string, resourceType: string): ApiResource {
  return ApiResource.custom({ apiGroup, resourceType });
}
