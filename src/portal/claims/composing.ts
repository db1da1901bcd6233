/** What a draft would be made of: the cluster's own Composition, composed for a claim that does not exist yet. */
import { foresee } from '../../claims/composition/foresee.js';
import { compositionInCluster } from '../../claims/observation/observe.js';
import type { Form } from '../../model/managed/kind.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Preview } from '../contract.js';
import { regionOf } from './region-of.js';

export type Composed = Pick<Preview, 'resources' | 'unrendered'>;

/** @param client the portal's own: Compositions are the platform's, and no secret */
export async function composedOf(
  client: KubernetesClient,
  form: Form,
  claim: KubernetesObject,
): Promise<Composed> {
  try {
    const composition = await compositionInCluster(client, { form });
    if (composition === undefined) return unrendered('the cluster has no Composition for it');
    const { resources } = await foresee({ subject: claim, composition });
    return { resources: resources.map(({ object }) => shownOf(object)), unrendered: '' };
  } catch (error) {
    return unrendered(error instanceof Error ? error.message : String(error));
  }
}

function shownOf(object: KubernetesObject): Composed['resources'][number] {
  return { kind: object.kind, name: object.metadata.name ?? '', region: regionOf(object) };
}

function unrendered(because: string): Composed {
  return { resources: [], unrendered: because };
}
