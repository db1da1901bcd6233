/** The root of the repository as a Kustomize base: the definition and all it needs but ProviderConfigs, which are the platform's own. */
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export class KustomizeBase extends ApiObject {
  constructor(scope: Construct, resources: readonly string[]) {
    super(scope, 'kustomization', {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      metadata: { name: 'payments-dr' },
      resources,
    });
  }
}
