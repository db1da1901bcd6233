/**
 * The applications: one for the platform, and one for each directory of claims.
 *
 * Within the platform, sync waves put packages before XRDs and these before Compositions and ProviderConfigs. Claims are applications
 * of their own: they retry until their API is there.
 */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CLAIMS_PROJECT, OWN_CLUSTER, PLATFORM_PROJECT } from './argocd-projects.js';
import { CREDENTIALS_FILE, REPOSITORY, TEAMS_PATH } from './repository.js';

/** As often as a new cluster can need: a provider's image is pulled before its kinds exist. */
const RETRY = { limit: 10, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } };

/** How often directories are looked for, where no webhook tells of a push. */
const LOOKS_EVERY_SECONDS = 60;

const SYNC_OPTIONS = ['ServerSideApply=true', 'RespectIgnoreDifferences=true'];

const SOURCE = { repoURL: REPOSITORY.url, targetRevision: REPOSITORY.revision };

/** Of the path `examples/gitops/teams/<team>/<environment>`. */
const TEAM = `{{ index .path.segments ${TEAMS_PATH.split('/').length} }}`;
const ENVIRONMENT = '{{ .path.basename }}';

export class ArgoCdPlatform extends ApiObject {
  constructor(scope: Construct, namespace: string) {
    super(scope, 'platform', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'payments-dr', namespace },
      spec: {
        project: PLATFORM_PROJECT,
        destination: { server: OWN_CLUSTER, namespace: 'crossplane-system' },
        sources: [
          { ...SOURCE, path: '.' },
          {
            ...SOURCE,
            path: 'deploy/provider-configs',
            directory: { include: CREDENTIALS_FILE },
          },
        ],
        syncPolicy: {
          // Never pruned: with its XRD every claim would go.
          automated: { prune: false, selfHeal: true },
          syncOptions: [...SYNC_OPTIONS, 'SkipDryRunOnMissingResource=true'],
          retry: RETRY,
        },
      },
    });
  }
}

export class ArgoCdClaims extends Construct {
  constructor(scope: Construct, namespace: string) {
    super(scope, 'claims');
    new ApiObject(this, 'set', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'payments-dr-claims', namespace },
      spec: {
        goTemplate: true,
        goTemplateOptions: ['missingkey=error'],
        generators: [
          {
            git: {
              repoURL: REPOSITORY.url,
              revision: REPOSITORY.revision,
              directories: [{ path: `${TEAMS_PATH}/*/*` }],
              requeueAfterSeconds: LOOKS_EVERY_SECONDS,
            },
          },
        ],
        // A directory that is gone takes its application away, and nothing of what that application made.
        syncPolicy: { preserveResourcesOnDeletion: true },
        template: {
          metadata: {
            name: `payments-${TEAM}-${ENVIRONMENT}`,
            labels: { 'payments.example.org/team': TEAM },
          },
          spec: {
            project: CLAIMS_PROJECT,
            source: { ...SOURCE, path: '{{ .path.path }}' },
            destination: { server: OWN_CLUSTER, namespace: `team-${TEAM}` },
            syncPolicy: {
              // Asked for, not done: the claims of the example say Prune=confirm and Delete=confirm.
              automated: { prune: true, selfHeal: true },
              syncOptions: [...SYNC_OPTIONS, 'CreateNamespace=true', 'PruneLast=true'],
              retry: RETRY,
            },
          },
        },
      },
    });
  }
}
