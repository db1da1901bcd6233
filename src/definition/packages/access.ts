/** Who may use claims: the rights are added to Kubernetes' own roles view, edit and admin. */
import { ApiResource, ClusterRole } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { CLAIM_API } from '../../model/claim/api.js';

const READ = ['get', 'list', 'watch'];
const WRITE = [...READ, 'create', 'update', 'patch', 'delete'];

const CLAIMS = [
  ApiResource.custom({
    apiGroup: CLAIM_API.cluster.group,
    resourceType: CLAIM_API.cluster.claim.plural,
  }),
  ApiResource.custom({
    apiGroup: CLAIM_API.namespaced.group,
    resourceType: CLAIM_API.namespaced.composite.plural,
  }),
];

export class ClaimAccess extends Construct {
  constructor(scope: Construct) {
    super(scope, 'access');
    this.#grant('view', READ);
    this.#grant('edit', WRITE);
    this.#grant('admin', WRITE);
  }

  #grant(to: string, verbs: string[]): void {
    const role = new ClusterRole(this, to, {
      metadata: {
        name: `payments-dr-${to}`,
        labels: { [`rbac.authorization.k8s.io/aggregate-to-${to}`]: 'true' },
      },
    });
    role.allow(verbs, ...CLAIMS);
  }
}
