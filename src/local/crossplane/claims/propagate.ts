/**
 * What goes from a claim to its composite resource, and what comes back.
 *
 * Down: the author's fields, labels and annotations but Kubernetes' own, and how to select a Composition. Back: which
 * Composition and revision were taken, and the author's status.
 */
import type { Stored } from '../../../support/kubernetes/objects.js';
import type { Composite, Machinery } from '../composites/composite.js';
import type { Definition } from '../definitions/definition.js';
import { LABEL_CLAIM_NAME, LABEL_CLAIM_NAMESPACE } from '../names.js';
import { propagatedSpec, type Claim } from './claim.js';

/** The composite resource as the claim wants it, to be applied: what is left out here is removed there. */
export function desiredComposite(
  { kind, metadata, spec }: Stored<Claim>,
  type: { readonly apiVersion: string; readonly kind: string },
  name: string,
  { spec: { enforcedCompositionRef } }: Definition,
): Composite {
  const { namespace = '' } = metadata;
  const { compositionRef, compositionRevisionRef, compositionUpdatePolicy } = spec;
  // An enforced Composition is the definition's word: a claim that says otherwise would take turns with it.
  const mayChoose = enforcedCompositionRef === undefined && compositionRef !== undefined;
  const isPinned = compositionUpdatePolicy === 'Manual' && compositionRevisionRef !== undefined;
  const annotations = ours(metadata.annotations);
  return {
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: {
      name,
      labels: {
        ...ours(metadata.labels),
        [LABEL_CLAIM_NAME]: metadata.name,
        [LABEL_CLAIM_NAMESPACE]: namespace,
      },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...propagatedSpec(spec),
      ...(mayChoose ? { compositionRef } : {}),
      ...(isPinned ? { compositionRevisionRef } : {}),
      claimRef: { apiVersion: type.apiVersion, kind, namespace, name: metadata.name },
    },
  };
}

/** Labels or annotations without those of Kubernetes itself and of what runs on it. */
function ours(map: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).filter(([key]) => {
      const slash = key.indexOf('/');
      const prefix = slash < 0 ? '' : key.slice(0, slash);
      return !prefix.endsWith('kubernetes.io') && !prefix.endsWith('k8s.io');
    }),
  );
}

/** The fields of the claim's spec that follow its composite resource, where they differ. */
export function returnedSpec(
  { spec }: Claim,
  composite: Composite,
  { spec: { enforcedCompositionRef } }: Definition,
): Partial<Machinery> {
  const { compositionRef, compositionRevisionRef } = (composite.spec ?? {}) as Machinery;
  const followsComposition =
    spec.compositionRef === undefined || enforcedCompositionRef !== undefined;
  const followsRevision =
    spec.compositionUpdatePolicy !== 'Manual' || spec.compositionRevisionRef === undefined;
  return {
    ...(compositionRef !== undefined &&
    followsComposition &&
    spec.compositionRef?.name !== compositionRef.name
      ? { compositionRef }
      : {}),
    ...(compositionRevisionRef !== undefined &&
    followsRevision &&
    spec.compositionRevisionRef?.name !== compositionRevisionRef.name
      ? { compositionRevisionRef }
      : {}),
  };
}

/** Status fields that each of the two has for itself. */
const OWN_STATUS = ['conditions', 'connectionDetails', 'claimConditionTypes'];

/** The author's part of the composite's status beside the claim's own. */
export function returnedStatus(claim: Claim, composite: Composite): Record<string, unknown> {
  const own = Object.entries(claim.status ?? {}).filter(([field]) => OWN_STATUS.includes(field));
  const theirs = Object.entries(composite.status ?? {}).filter(
    ([field]) => !OWN_STATUS.includes(field),
  );
  return Object.fromEntries([...theirs, ...own]);
}
