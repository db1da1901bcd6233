/**
 * Selects the Composition of a composite resource and the revision of it.
 *
 * The definition's enforced Composition comes first, then the resource's own reference, its selector, the definition's
 * default, and at last any Composition of its type. Automatic resources take the latest revision that their selector allows.
 */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { controllerOf } from '../composed/watches.js';
import type { Composition, CompositionRevision } from '../compositions/composition.js';
import type { Definition } from '../definitions/definition.js';
import { LABEL_COMPOSITION_NAME } from '../names.js';
import type { LabelSelector, Machinery } from './composite.js';
import { PhaseError } from './phase.js';

export interface Candidates {
  readonly definition: Definition;
  readonly compositions: readonly Stored<Composition>[];
  readonly revisions: readonly Stored<CompositionRevision>[];
}

/** As far as the selection got: what it found is written down even where the rest of it failed. */
export interface Selection {
  readonly composition?: string;
  readonly revision?: Stored<CompositionRevision>;
  /** The definition's, where the resource has neither a selector nor a revision of its own. */
  readonly revisionSelector?: LabelSelector;
  /** Why the resource cannot be composed with it. */
  readonly problem?: PhaseError;
  /** Whether the definition itself has chosen the Composition. */
  readonly chosenBy?: 'Enforced' | 'Default';
}

export function selectComposition(
  composite: KubernetesObject,
  machinery: Machinery,
  { definition, compositions, revisions }: Candidates,
): Selection {
  const named = nameOf(composite, machinery, definition, compositions);
  if (named === undefined) {
    const problem = refusal('cannot select Composition', 'no compatible Compositions found');
    return { problem };
  }
  const { defaultCompositionRevisionSelector: usual } = definition.spec;
  const isFree =
    machinery.compositionRevisionSelector === undefined &&
    machinery.compositionRevisionRef === undefined;
  const selected: Named & Pick<Selection, 'revisionSelector'> =
    isFree && usual !== undefined ? { ...named, revisionSelector: usual } : named;
  const selector = machinery.compositionRevisionSelector ?? selected.revisionSelector;
  const found = revisionOf(named.composition, machinery, selector, compositions, revisions);
  if (typeof found === 'string') {
    return { ...selected, problem: refusal('cannot fetch Composition', found) };
  }
  const { compositeTypeRef } = found.spec;
  if (
    compositeTypeRef.apiVersion !== composite.apiVersion ||
    compositeTypeRef.kind !== composite.kind
  ) {
    const why = 'referenced composition is not compatible with this composite resource';
    const problem = refusal('cannot configure composite resource', why);
    return { ...selected, revision: found, problem };
  }
  return { ...selected, revision: found };
}

function refusal(what: string, why: string): PhaseError {
  const isSelection = what === 'cannot select Composition';
  return new PhaseError(isSelection ? 'SelectComposition' : 'ComposeResources', what, why);
}

type Named = Required<Pick<Selection, 'composition'>> & Pick<Selection, 'chosenBy'>;

function nameOf(
  { apiVersion, kind }: KubernetesObject,
  { compositionRef, compositionSelector }: Machinery,
  { spec: { enforcedCompositionRef: enforced, defaultCompositionRef: usual } }: Definition,
  compositions: readonly Stored<Composition>[],
): Named | undefined {
  if (enforced !== undefined) {
    const isNew = compositionRef?.name !== enforced.name;
    return { composition: enforced.name, ...(isNew ? { chosenBy: 'Enforced' } : {}) };
  }
  if (compositionRef !== undefined) return { composition: compositionRef.name };
  if (compositionSelector === undefined && usual !== undefined) {
    return { composition: usual.name, chosenBy: 'Default' };
  }
  // Real Crossplane takes any that fits; the first by name makes the same cluster give the same answer.
  const [first] = compositions
    .filter(
      ({ spec: { compositeTypeRef } }) =>
        compositeTypeRef.apiVersion === apiVersion && compositeTypeRef.kind === kind,
    )
    .filter(({ metadata }) => matches(metadata.labels, compositionSelector))
    .map(({ metadata }) => metadata.name)
    .toSorted();
  return first === undefined ? undefined : { composition: first };
}

/** The revision, or why there is none. */
function revisionOf(
  name: string,
  { compositionUpdatePolicy: policy, compositionRevisionRef: pinned }: Machinery,
  selector: LabelSelector | undefined,
  compositions: readonly Stored<Composition>[],
  revisions: readonly Stored<CompositionRevision>[],
): Stored<CompositionRevision> | string {
  if (policy === 'Manual' && pinned !== undefined) {
    return (
      revisions.find(({ metadata }) => metadata.name === pinned.name) ??
      `cannot get CompositionRevision: ${notFound('CompositionRevision', pinned.name)}`
    );
  }
  const composition = compositions.find(({ metadata }) => metadata.name === name);
  if (composition === undefined) {
    return `cannot get Composition: ${notFound('Composition', name)}`;
  }
  const latest = revisions
    .filter(({ metadata }) => metadata.labels?.[LABEL_COMPOSITION_NAME] === name)
    .filter((revision) => controllerOf(revision)?.uid === composition.metadata.uid)
    .filter(({ metadata }) => policy !== 'Automatic' || matches(metadata.labels, selector))
    .reduce<Stored<CompositionRevision> | undefined>(
      (best, each) => (best === undefined || each.spec.revision > best.spec.revision ? each : best),
      undefined,
    );
  return latest ?? 'no compatible CompositionRevisions found';
}

const notFound = (kind: string, name: string): string =>
  `${kind}.apiextensions.crossplane.io "${name}" not found`;

function matches(
  labels: Readonly<Record<string, string>> = {},
  selector: LabelSelector | undefined,
): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}
