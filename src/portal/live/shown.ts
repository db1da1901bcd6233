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

/** A managed resource: where it is and how it stands. */
export function shownResource(resource: Stored): Stored {
  const { apiVersion, kind } = resource;
  const spec = { forProvider: { region: regionOf(resource) } };
  const status = { conditions: shownConditions(resource) };
  return { apiVersion, kind, metadata: shownMetadata(resource), spec, status };
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

function shownConditions(object: Stored): Condition[] {
  return ['Synced', 'Ready'].flatMap((type) => conditionOf(object, type) ?? []);
}
