/** What each kind of application may touch: the platform the cluster, a team only claims in namespaces of its own. */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CLAIM_API } from '../../model/claim/api.js';
import { GROUP_SUFFIX } from '../../model/managed/kind.js';
import { REPOSITORY } from './repository.js';

export const PLATFORM_PROJECT = 'payments-dr-platform';
export const CLAIMS_PROJECT = 'payments-dr-claims';

/** The cluster that Argo CD itself runs in. */
export const OWN_CLUSTER = 'https://kubernetes.default.svc';

/** Namespaces that teams have: an application of claims reaches no other. */
export const TEAM_NAMESPACES = 'team-*';

export class ArgoCdProjects extends Construct {
  constructor(scope: Construct, namespace: string) {
    super(scope, 'projects');
    const project = (name: string, spec: Record<string, unknown>) =>
      new ApiObject(this, name, {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name, namespace },
        spec: { sourceRepos: [REPOSITORY.url], ...spec },
      });
    project(PLATFORM_PROJECT, {
      description: 'The definition of PaymentsDR and the packages it needs.',
      destinations: [{ server: OWN_CLUSTER, namespace: 'crossplane-system' }],
      clusterResourceWhitelist: [
        { group: 'apiextensions.crossplane.io', kind: 'CompositeResourceDefinition' },
        { group: 'apiextensions.crossplane.io', kind: 'Composition' },
        { group: 'pkg.crossplane.io', kind: '*' },
        { group: GROUP_SUFFIX.cluster, kind: 'ProviderConfig' },
        { group: GROUP_SUFFIX.namespaced, kind: 'ClusterProviderConfig' },
        { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
        { group: 'admissionregistration.k8s.io', kind: '*' },
      ],
    });
    project(CLAIMS_PROJECT, {
      description: 'Claims of teams, each in namespaces of its own.',
      destinations: [{ server: OWN_CLUSTER, namespace: TEAM_NAMESPACES }],
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      namespaceResourceWhitelist: [
        { group: CLAIM_API.cluster.group, kind: CLAIM_API.cluster.claim.kind },
        { group: CLAIM_API.namespaced.group, kind: CLAIM_API.namespaced.composite.kind },
      ],
    });
  }
}
