/**
 * The same for Flux: the definition, then ProviderConfigs, then claims, each once the one before is healthy.
 *
 * A reconciliation fails as soon as an expression of `failed` is true, and waits while `current` is not.
 */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { CREDENTIALS_FILE, REPOSITORY } from './repository.js';

const NAMESPACE = 'flux-system';

const SOURCES = { definition: 'payments-dr', credentials: 'payments-dr-credentials' } as const;

/** Of a condition: that it is there, and of the current generation where it says one. */
function isCondition(type: string, status: 'True' | 'False'): string {
  return (
    `has(status.conditions) && status.conditions.exists(c, c.type == '${type}' && c.status == '${status}'` +
    ' && (!has(c.observedGeneration) || c.observedGeneration >= metadata.generation))'
  );
}

/** Ready and synced; failed where Crossplane says that it cannot do what is asked. */
function healthOf(apiVersion: string, kind: string) {
  return {
    apiVersion,
    kind,
    current: `${isCondition('Ready', 'True')} && ${isCondition('Synced', 'True')}`,
    failed: isCondition('Synced', 'False'),
  };
}

const PACKAGE_HEALTH = ['Function', 'Provider'].map((kind) => ({
  apiVersion: 'pkg.crossplane.io/v1',
  kind,
  current: `${isCondition('Healthy', 'True')} && ${isCondition('Installed', 'True')}`,
}));

const DEFINITION_HEALTH = ['v1', 'v2'].map((version) => ({
  apiVersion: `apiextensions.crossplane.io/${version}`,
  kind: 'CompositeResourceDefinition',
  current: isCondition('Established', 'True'),
}));

const CLAIM_HEALTH = [
  healthOf(apiVersionOf('cluster'), CLAIM_API.cluster.claim.kind),
  healthOf(apiVersionOf('namespaced'), CLAIM_API.namespaced.composite.kind),
];

export class Flux extends Construct {
  constructor(scope: Construct) {
    super(scope, 'flux');
    this.#source(SOURCES.definition);
    // One of the files in the folder, and nothing else of the repository.
    this.#source(
      SOURCES.credentials,
      `/*\n!/deploy\n/deploy/*\n!/deploy/provider-configs\n/deploy/provider-configs/*\n!/deploy/provider-configs/${CREDENTIALS_FILE}\n`,
    );
    this.#kustomization('payments-dr', SOURCES.definition, {
      path: './',
      // With its XRD every claim would go.
      prune: false,
      healthCheckExprs: [...PACKAGE_HEALTH, ...DEFINITION_HEALTH],
    });
    this.#kustomization('payments-dr-credentials', SOURCES.credentials, {
      path: './deploy/provider-configs',
      prune: false,
      dependsOn: [{ name: 'payments-dr' }],
    });
    this.#kustomization('payments-dr-claims', SOURCES.definition, {
      path: './examples/gitops',
      prune: true,
      dependsOn: [{ name: 'payments-dr-credentials' }],
      timeout: '20m',
      healthCheckExprs: CLAIM_HEALTH,
    });
  }

  #source(name: string, ignore?: string): void {
    new ApiObject(this, `source-${name}`, {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        interval: '1m',
        url: REPOSITORY.url,
        ref: { branch: REPOSITORY.revision },
        ...(ignore === undefined ? {} : { ignore }),
      },
    });
  }

  #kustomization(name: string, source: string, spec: Readonly<Record<string, unknown>>): void {
    new ApiObject(this, `kustomization-${name}`, {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        interval: '10m',
        retryInterval: '1m',
        timeout: '10m',
        wait: true,
        sourceRef: { kind: 'GitRepository', name: source },
        ...spec,
      },
    });
  }
}
