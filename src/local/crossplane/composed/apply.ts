/**
 * Applies composed resources: server-side and with force, so that drift of the fields we own is undone and the fields of
 * others stay.
 *
 * A resource that the API server finds invalid fails alone; anything else that goes wrong fails the whole pass. What is
 * already as it was last applied is not sent again.
 */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { Stored } from '../../../support/kubernetes/objects.js';
import { digest, holds } from '../comparison.js';
import type { Composite } from '../composites/composite.js';
import type { ComposedWatches } from './watches.js';
import type { Application } from './prepare.js';
import { composedManager } from './render.js';

export type Applied =
  | { readonly template: string; readonly object: Stored }
  | { readonly template: string; readonly refusal: string };

/** What was last applied, by the UID of the resource; forgotten by a restart, after which everything is applied once. */
export type AppliedMemory = Map<string, string>;

export async function applyAll(
  applications: readonly Application[],
  composite: Stored<Composite>,
  memory: AppliedMemory,
  { client, watches }: { client: KubernetesClient; watches: ComposedWatches },
): Promise<Applied[]> {
  const fieldManager = composedManager(composite);
  const outcomes = await Promise.allSettled(
    applications.map(async ({ template, type, rendered, existing }): Promise<Applied> => {
      if (type instanceof Error) throw failure(template, type);
      watches.watch(type);
      const intent = digest(rendered);
      if (
        existing !== undefined &&
        memory.get(existing.metadata.uid) === intent &&
        holds(existing, rendered)
      ) {
        return { template, object: existing };
      }
      try {
        const object = await client.apply(type, rendered, { fieldManager, force: true });
        memory.set(object.metadata.uid, intent);
        return { template, object };
      } catch (error) {
        if (isApiError(error, 'Invalid')) {
          return { template, refusal: failure(template, error).message };
        }
        throw isApiError(error, 'Conflict') ? error : failure(template, error);
      }
    }),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function failure(template: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`cannot apply composed resource "${template}": ${why}`, { cause: error });
}
