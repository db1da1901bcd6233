/** The Secrets that hold connection details: read by name, and written for the object that owns them. */
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../support/kubernetes/objects.js';
import { canonicalJson } from './comparison.js';
import { ownerReference } from './composed/render.js';
import { controllerOf } from './composed/watches.js';
import { explained } from './composites/phase.js';
import { CONNECTION_SECRET_TYPE, FIELD_MANAGER } from './names.js';

interface Secret extends KubernetesObject {
  type?: string;
  data?: Record<string, string>;
}

export async function readSecret(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  client: KubernetesClient,
): Promise<Stored<Secret> | undefined> {
  return client.read<Secret>(await client.resourceType('v1', 'Secret'), {
    name,
    namespace,
  });
}

/** What becomes of keys of a Secret that its owner no longer publishes. */
export type Leftovers = 'kept' | 'dropped';

/**
 * `true` when something was written. Refuses a Secret of that name that somebody else controls, or that nobody controls and
 * is of another type.
 */
export async function publishConnectionSecret(
  owner: Stored,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  published: Readonly<Record<string, string>>,
  leftovers: Leftovers,
  client: KubernetesClient,
): Promise<boolean> {
  const type = await client.resourceType('v1', 'Secret');
  const present = await readSecret({ name, namespace }, client);
  const data = { ...(leftovers === 'kept' ? present?.data : {}), ...published };
  const wanted: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, ownerReferences: [ownerReference(owner)] },
    type: CONNECTION_SECRET_TYPE,
    data,
  };
  if (present === undefined) {
    const creation = client.create(type, wanted, { fieldManager: FIELD_MANAGER });
    await explained('cannot create object', creation);
    return true;
  }
  const controller = controllerOf(present);
  if (controller === undefined && present.type !== CONNECTION_SECRET_TYPE) {
    throw new Error(`refusing to modify uncontrolled secret of type "${present.type ?? ''}"`);
  }
  if (controller !== undefined && controller.uid !== owner.metadata.uid) {
    throw new Error(`existing secret is not controlled by UID "${owner.metadata.uid}"`);
  }
  if (canonicalJson(present.data ?? {}) === canonicalJson(data)) return false;
  const others = (present.metadata.ownerReferences ?? []).filter(
    ({ uid }) => uid !== owner.metadata.uid,
  );
  const metadata = { ...present.metadata, ownerReferences: [...others, ownerReference(owner)] };
  const changed = { ...present, metadata, data };
  await explained(
    leftovers === 'kept' ? 'cannot patch object' : 'cannot update object',
    client.replace(type, changed, { fieldManager: FIELD_MANAGER }),
  );
  return true;
}
