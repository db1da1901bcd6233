/**
 * Installs Crossplane's own CRDs, and waits until the API server serves them.
 *
 * What the engine does not support has no CRD (managed resource definitions and activation policies, usages, operations,
 * image configs, locks): such an object is refused by the API server as a kind that does not exist.
 */
import type { Clock } from '../../../support/clock.js';
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import { isConditionTrue, type KubernetesObject } from '../../../support/kubernetes/objects.js';
import { FIELD_MANAGER } from '../names.js';
import { compositeResourceDefinitionCrd } from './composite-resource-definition.js';
import { compositionCrd, compositionRevisionCrd, environmentConfigCrd } from './composition.js';
import {
  configurationCrd,
  configurationRevisionCrd,
  deploymentRuntimeConfigCrd,
  functionCrd,
  functionRevisionCrd,
  providerCrd,
  providerRevisionCrd,
} from './packages.js';

export const CROSSPLANE_CRDS: readonly KubernetesObject[] = [
  compositeResourceDefinitionCrd,
  compositionCrd,
  compositionRevisionCrd,
  environmentConfigCrd,
  configurationCrd,
  configurationRevisionCrd,
  deploymentRuntimeConfigCrd,
  functionCrd,
  functionRevisionCrd,
  providerCrd,
  providerRevisionCrd,
];

const POLL_MS = 20;

export async function installCrossplaneCrds(client: KubernetesClient, clock: Clock): Promise<void> {
  const type = await client.resourceType('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  await Promise.all(
    CROSSPLANE_CRDS.map(async (crd) => {
      const { name = '' } = crd.metadata;
      await client.apply(type, crd, { fieldManager: FIELD_MANAGER, force: true });
      for (;;) {
        const stored = await client.read(type, { name });
        if (stored !== undefined && isConditionTrue(stored, 'Established')) return;
        await clock.sleep(POLL_MS);
      }
    }),
  );
}
