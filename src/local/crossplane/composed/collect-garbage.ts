/** Deletes the resources of templates that the pipeline no longer wants; those that go already are left alone. */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import { keyOf, type Stored } from '../../../support/kubernetes/objects.js';
import {
  FIELD_MANAGER,
  LABEL_CLAIM_NAME,
  LABEL_CLAIM_NAMESPACE,
  LABEL_COMPOSITE,
} from '../names.js';

export async function collectGarbage(
  unwanted: readonly Stored[],
  client: KubernetesClient,
): Promise<void> {
  const living = unwanted.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  await Promise.all(
    living.map(async (object) => {
      const type = await client.resourceType(object.apiVersion, object.kind);
      const labels = {
        [LABEL_COMPOSITE]: null,
        [LABEL_CLAIM_NAME]: null,
        [LABEL_CLAIM_NAMESPACE]: null,
      };
      await client.patch(
        type,
        keyOf(object),
        { metadata: { labels } },
        { fieldManager: FIELD_MANAGER },
      );
      await client.delete(type, keyOf(object), {
        propagationPolicy: 'Foreground',
        preconditions: { uid: object.metadata.uid },
      });
    }),
  );
}
