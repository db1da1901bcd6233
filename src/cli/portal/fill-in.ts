/** Fills in a Composition's templates for the portal's preview, by the local platform's patch and transform. */
import { patchAndTransform } from '../../local/crossplane/functions/patch-and-transform/function.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';

/** Rejects where the function would stop the composite. */
export async function fillIn(
  input: Readonly<Record<string, unknown>>,
  composite: KubernetesObject,
): Promise<readonly KubernetesObject[]> {
  const { desired, results } = await patchAndTransform({
    input,
    observed: { composite: { resource: { ...composite } }, resources: {} },
    desired: { resources: {} },
  });
  const fatal = results.find(({ severity }) => severity === 'SEVERITY_FATAL');
  if (fatal !== undefined) throw new Error(fatal.message);
  return Object.values(desired.resources).map(
    ({ resource }) => resource as unknown as KubernetesObject,
  );
}
