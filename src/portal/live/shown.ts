/**
 * What is kept of an object that is watched: as much as a page shows. A thousand claims have forty thousand resources, and of
 * each the API server sends some kilobytes of which a page shows a line.
 */
import { conditionOf, type Condition, type Stored } from '../../support/kubernetes/objects.js';
import { regionOf } from '../claims/region-of.js';

/** A claim: its whole status, which says what it gives, and of its fields those that a page speaks of. */
export function shownClaim(claim: Stored): Stored {
  const { environmentSuffix, regions, bucketPrefix, dataRetention, resourceRef } = (claim.spec ??
    {}) as Readonly<Record<string, unknown>>;
  const { apiVersion, kind, status } = claim;
  const spec = { environmentSuffix, regions, bucketPrefix, dataRetention, resourceRef };
  return { apiVersion, kind, metadata: shownMetadata(claim), spec, status };
}

/** A composite: whose it is and how it stands. */
export function shownComposite(composite: Stored): Stored {
  const { apiVersion, kind, spec } = composite;
  const { claimRef } = (spec ?? {}) as { readonly claimRef?: unknown };
  const status = { conditions: shownConditions(composite) };
  return { apiVersion, kind, metadata: shownMetadata(composite), spec: { claimRef }, status };
}

/** A managed resource: where it is and how it stands. Most stand alike, and what they say then is kept once for all of them. */
export class ShownResources {
  readonly #specs = new Map<string, Stored['spec']>();
  readonly #statuses = new Map<string, Stored['status']>();

  shown(resource: Stored): Stored {
    const { apiVersion, kind, metadata } = resource;
    const { name, uid, resourceVersion, namespace, labels, deletionTimestamp } = metadata;
    const region = regionOf(resource);
    const spec = once(this.#specs, region, () => ({ forProvider: { region } }));
    const status = this.#statusOf(shownConditions(resource));
    if (deletionTimestamp !== undefined)
      return { apiVersion, kind, metadata: shownMetadata(resource), spec, status };
    // Written out: objects made bit by bit take twice as much.
    const ofComposite = { [COMPOSITE_LABEL]: labels?.[COMPOSITE_LABEL] ?? '' };
    const kept =
      namespace === undefined
        ? { name, uid, resourceVersion, labels: ofComposite }
        : { name, uid, resourceVersion, labels: ofComposite, namespace };
    return { apiVersion, kind, metadata: kept, spec, status };
  }

  #statusOf(conditions: readonly Condition[]): Stored['status'] {
    // Messages differ: to keep those would be to collect them.
    if (conditions.some(({ message = '' }) => message !== '')) return { conditions };
    return once(this.#statuses, JSON.stringify(conditions), () => ({ conditions }));
  }
}

function once<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  return made;
}

function shownMetadata({ metadata }: Stored): Stored['metadata'] {
  const { name, namespace, uid, resourceVersion, creationTimestamp, labels } = metadata;
  const composite = labels?.[COMPOSITE_LABEL];
  const { deletionTimestamp, finalizers } = metadata;
  return {
    ...{ name, uid, resourceVersion },
    ...(namespace === undefined ? {} : { namespace }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(composite === undefined ? {} : { labels: { [COMPOSITE_LABEL]: composite } }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp, finalizers: finalizers ?? [] }),
  };
}

/** Which composite a resource belongs to. */
export const COMPOSITE_LABEL = 'crossplane.io/composite';

/** Since when is not shown. */
function shownConditions(object: Stored): Condition[] {
  return ['Synced', 'Ready'].flatMap((type) => {
    const condition = conditionOf(object, type);
    if (condition === undefined) return [];
    const { status, reason, message = '' } = condition;
    return [{ type, status, reason, message, lastTransitionTime: '' }];
  });
}
