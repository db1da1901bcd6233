/**
 * Compositions that compose themselves, straight away or by way of others: each level would make the next one, for ever.
 *
 * Composites may nest, and a few levels of one Composition may be meant (a pipeline can end them); so a Composition is
 * refused where it stands above itself too often. Crossplane has no such limit, and goes on until the cluster is full.
 */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { Stored } from '../../../support/kubernetes/objects.js';
import { machineryOf, type Composite } from './composite.js';

/** How often one Composition may stand above itself. */
const MAX_REPEATS = 3;
/** Owner references may be written by anyone, in a circle too. */
const MAX_LEVELS = 32;

export async function refuseCycle(
  composite: Stored<Composite>,
  composition: string,
  client: KubernetesClient,
): Promise<void> {
  const path = [composite];
  let repeats = 0;
  while (path.length < MAX_LEVELS) {
    const owner = await ownerOf(path[0] ?? composite, client);
    if (owner === undefined) return;
    path.unshift(owner);
    if (compositionOf(owner) === composition) repeats += 1;
    if (repeats > MAX_REPEATS) break;
  }
  const levels = path.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(' → ');
  throw new Error(
    `Composition "${composition}" composes itself, by way of ${levels}: take the composite out of its own Composition`,
  );
}

async function ownerOf(
  { metadata }: Stored<Composite>,
  client: KubernetesClient,
): Promise<Stored<Composite> | undefined> {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  try {
    const type = await client.resourceType(owner.apiVersion, owner.kind);
    const { namespace = '' } = metadata;
    const key = type.namespaced ? { namespace, name: owner.name } : { name: owner.name };
    const found = await client.read<Composite>(type, key);
    return found?.metadata.uid === owner.uid ? found : undefined;
  } catch (error) {
    if (isApiError(error, 'NoKindMatch')) return undefined;
    throw error;
  }
}

/** In either form: a legacy composite may be composed by one that is not. */
function compositionOf(composite: Composite): string | undefined {
  const [legacy, modern] = [
    machineryOf(composite, 'LegacyCluster'),
    machineryOf(composite, 'Namespaced'),
  ];
  return (legacy.compositionRef ?? modern.compositionRef)?.name;
}
