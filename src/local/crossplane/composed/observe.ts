/** Reads the resources that a composite refers to, as functions are shown them: by template, with connection details. */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { Stored } from '../../../support/kubernetes/objects.js';
import { isRecord } from '../comparison.js';
import type { ResourceRef } from '../composites/composite.js';
import { explained } from '../composites/phase.js';
import { readSecret } from '../connection-secret.js';
import type { Resource } from '../functions/protocol.js';
import { ANNOTATION_RESOURCE_NAME } from '../names.js';
import { controllerOf, type ComposedWatches } from './watches.js';

export interface Observed {
  readonly object: Stored;
  readonly connectionDetails?: Readonly<Record<string, string>>;
}

/**
 * By the names of their templates. References to what is gone, or has another controller, yield nothing; rejects where one
 * of ours has lost the annotation that says whose template it is, and where the kind itself is gone: nobody knows then
 * what is left of it, until the kind comes back or somebody takes the reference away.
 */
export async function observe(
  composite: Stored,
  refs: readonly ResourceRef[],
  watches: ComposedWatches,
  client: KubernetesClient,
): Promise<ReadonlyMap<string, Observed>> {
  const found = await Promise.all(
    refs.map(async (ref): Promise<[string, Observed] | undefined> => {
      const object = await explained(
        'cannot get composed resource',
        find(composite, ref, watches, client),
      );
      if (object === undefined) return undefined;
      const controller = controllerOf(object);
      if (controller !== undefined && controller.uid !== composite.metadata.uid) return undefined;
      const template = object.metadata.annotations?.[ANNOTATION_RESOURCE_NAME] ?? '';
      if (template === '') {
        throw new Error(
          `encountered composed resource without required "${ANNOTATION_RESOURCE_NAME}" annotation`,
        );
      }
      const connectionDetails = await readConnectionDetails(object, client);
      return [
        template,
        connectionDetails === undefined ? { object } : { object, connectionDetails },
      ];
    }),
  );
  return new Map(found.filter((entry) => entry !== undefined));
}

async function find(
  composite: Stored,
  { apiVersion, kind, name, namespace = composite.metadata.namespace }: ResourceRef,
  watches: ComposedWatches,
  client: KubernetesClient,
): Promise<Stored | undefined> {
  const type = await client.resourceType(apiVersion, kind);
  watches.watch(type);
  if (!type.namespaced) return watches.read(type, { name });
  if (namespace === undefined) {
    throw new Error('an empty namespace may not be set when a resource name is provided');
  }
  return watches.read(type, { name, namespace });
}

async function readConnectionDetails(
  { metadata, spec }: Stored,
  client: KubernetesClient,
): Promise<Readonly<Record<string, string>> | undefined> {
  const ref = isRecord(spec) ? spec.writeConnectionSecretToRef : undefined;
  if (!isRecord(ref) || typeof ref.name !== 'string') return undefined;
  const namespace = typeof ref.namespace === 'string' ? ref.namespace : metadata.namespace;
  if (namespace === undefined) return undefined;
  return (await readSecret({ name: ref.name, namespace }, client))?.data;
}

/** An observed resource in the form of the functions' protocol. */
export function asResource({ object, connectionDetails }: Observed): Resource {
  const resource = { ...object };
  return connectionDetails === undefined ? { resource } : { resource, connectionDetails };
}
