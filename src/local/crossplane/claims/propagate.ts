/**
 * What goes from a claim to its composite resource, and what comes back.
 *
 * Down: the author's fields, labels and annotations but Kubernetes' own, and how to select a Composition. Back: which
 * Composition and revision were taken, and the author's status.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Stored } from '../../../support/kubernetes/objects.js';
import type { Composite, Machinery } from '../composites/composite.js';
import type { Definition } from '../definitions/definition.js';
import { ANNOTATION_EXTERNAL_NAME, LABEL_CLAIM_NAME, LABEL_CLAIM_NAMESPACE } from '../names.js';
import { propagatedSpec, type Claim } from './claim.js';

/** The composite resource as the claim wants it, to be applied: what is left out here is removed there. */
export function desiredComposite(
  { kind, metadata, spec }: Stored<Claim>,
  type: { readonly apiVersion: string; readonly kind: string },
  name: string,
  { spec: { enforcedCompositionRef } }: Definition,
  present?: Composite,
): Composite {
  const { namespace = '' } = metadata;
  const { compositionRef, compositionRevisionRef } = spec;
  // An enforced Composition is the definition's word: a claim that says otherwise would take turns with it.
  const mayChoose = enforcedCompositionRef === undefined && compositionRef !== undefined;
  // The composite's own word, where there is one: it has to follow the latest revision before the claim lets go of its own,
  // else nobody says which, and the API server refuses the reference without a name.
  const policy =
    machineryOf(present).compositionUpdatePolicy ??
    (present === undefined ? spec.compositionUpdatePolicy : undefined);
  const isPinned = policy === 'Manual' && compositionRevisionRef !== undefined;
  const annotations = { ...ours(metadata.annotations), ...externalName(present) };
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

/** Labels or annotations without those of Kubernetes itself and of what runs on it; a key without a slash counts whole. */
function ours(map: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).filter(([key]) => {
      const [prefix = ''] = key.split('/');
      return !prefix.endsWith('kubernetes.io') && !prefix.endsWith('k8s.io');
    }),
  );
}

/** What of the claim follows its composite resource, as a patch; `undefined` where all of it does already. */
export function returned(
  { metadata, spec }: Claim,
  composite: Composite,
  { spec: { enforcedCompositionRef } }: Definition,
): object | undefined {
  const theirs = machineryOf(composite);
  const followsComposition =
    spec.compositionRef === undefined || enforcedCompositionRef !== undefined;
  const wanted: Readonly<Record<string, unknown>> = {
    ...(followsComposition ? { compositionRef: theirs.compositionRef } : {}),
    ...(spec.compositionRevisionSelector === undefined
      ? { compositionRevisionSelector: theirs.compositionRevisionSelector }
      : {}),
    ...(theirs.compositionUpdatePolicy === 'Automatic'
      ? { compositionRevisionRef: theirs.compositionRevisionRef }
      : {}),
  };
  const fields = Object.entries(wanted).filter(
    ([field, value]) => value !== undefined && !isDeepStrictEqual(spec[field], value),
  );
  const annotations = externalName(composite);
  const isNamed = Object.entries(annotations).every(
    ([key, value]) => metadata.annotations?.[key] === value,
  );
  if (fields.length === 0 && isNamed) return undefined;
  return {
    ...(fields.length === 0 ? {} : { spec: Object.fromEntries(fields) }),
    ...(isNamed ? {} : { metadata: { annotations } }),
  };
}

const machineryOf = (composite: Composite | undefined): Machinery => composite?.spec ?? {};

/** The composite's external name is the claim's too, whoever gave it. */
function externalName(composite: Composite | undefined): Record<string, string> {
  const name = composite?.metadata.annotations?.[ANNOTATION_EXTERNAL_NAME] ?? '';
  return name === '' ? {} : { [ANNOTATION_EXTERNAL_NAME]: name };
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
