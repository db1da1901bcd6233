/**
 * Selects the Composition of a composite resource and the revision of it, and adopts the resource: one write for both.
 *
 * The definition's enforced Composition comes first, then the resource's own reference, its selector, the definition's
 * default, and at last any Composition of its type. Automatic resources take the latest revision that their selector allows.
 */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { Definition } from '../definitions/definition.js';
import type { Composition, CompositionRevision } from '../compositions/composition.js';
import { LABEL_COMPOSITION_NAME } from '../names.js';
import type { LabelSelector, Machinery } from './composite.js';

export interface Candidates {
  readonly definition: Definition;
  readonly compositions: readonly Stored<Composition>[];
  readonly revisions: readonly Stored<CompositionRevision>[];
}

export interface Selection {
  readonly composition: string;
  readonly revision: Stored<CompositionRevision>;
}

/** Refuses with an error whose message says what is missing. */
export function selectComposition(
  { apiVersion, kind }: KubernetesObject,
  machinery: Machinery,
  candidates: Candidates,
): Selection {
  const isCompatible = ({ spec }: Composition) =>
    spec.compositeTypeRef.apiVersion === apiVersion && spec.compositeTypeRef.kind === kind;
  const compatible = candidates.compositions.filter(isCompatible);
  const composition = nameOf(machinery, candidates.definition, compatible);
  const revision = selectRevision(composition, machinery, candidates.revisions);
  if (!isCompatible(revision)) {
    throw new Error(`Composition "${composition}" is not compatible with a ${kind}`);
  }
  return { composition, revision };
}

function nameOf(
  { compositionRef, compositionSelector }: Machinery,
  { spec }: Definition,
  compatible: readonly Stored<Composition>[],
): string {
  const named = spec.enforcedCompositionRef ?? compositionRef;
  if (named !== undefined) return named.name;
  if (compositionSelector === undefined && spec.defaultCompositionRef !== undefined) {
    return spec.defaultCompositionRef.name;
  }
  // Real Crossplane takes any that fits; the first by name makes the same cluster give the same answer.
  const [first] = compatible
    .filter(({ metadata }) => matches(metadata.labels, compositionSelector))
    .map(({ metadata }) => metadata.name)
    .toSorted();
  if (first === undefined) throw new Error('no compatible Compositions found');
  return first;
}

function selectRevision(
  composition: string,
  { compositionUpdatePolicy, compositionRevisionRef, compositionRevisionSelector }: Machinery,
  revisions: readonly Stored<CompositionRevision>[],
): Stored<CompositionRevision> {
  if (compositionUpdatePolicy === 'Manual' && compositionRevisionRef !== undefined) {
    const { name } = compositionRevisionRef;
    const pinned = revisions.find(({ metadata }) => metadata.name === name);
    if (pinned === undefined) throw new Error(`CompositionRevision "${name}" not found`);
    return pinned;
  }
  const latest = revisions
    .filter(({ metadata }) => metadata.labels?.[LABEL_COMPOSITION_NAME] === composition)
    .filter(({ metadata }) => matches(metadata.labels, compositionRevisionSelector))
    .reduce<Stored<CompositionRevision> | undefined>(
      (best, each) => (best === undefined || each.spec.revision > best.spec.revision ? each : best),
      undefined,
    );
  if (latest === undefined) {
    throw new Error(`no revision of Composition "${composition}" found that can be used`);
  }
  return latest;
}

function matches(
  labels: Readonly<Record<string, string>> = {},
  selector: LabelSelector | undefined,
): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}
