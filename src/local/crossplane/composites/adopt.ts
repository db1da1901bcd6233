/** Adoption: what a composite needs before it is composed, as one patch. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import type { Scope } from '../definitions/definition.js';
import { FINALIZER_COMPOSITE, LABEL_COMPOSITE } from '../names.js';
import { machinerySpec, type Composite, type Machinery } from './composite.js';
import type { Selection } from './select-composition.js';

/**
 * The finalizer, label and references that a composite lacks; `undefined` where it lacks nothing. A label that it has stays:
 * one that another composite has composed carries the name of that.
 */
export function adoption(
  { metadata }: Stored<Composite>,
  before: Machinery,
  selection: Selection,
  scope: Scope,
): object | undefined {
  const { name, uid, finalizers = [], labels, resourceVersion } = metadata;
  const isHeld = finalizers.includes(FINALIZER_COMPOSITE);
  // It is named before its revision is looked at, and not before there is one.
  const isLabelled = (labels?.[LABEL_COMPOSITE] ?? '') !== '' || selection.revision === undefined;
  const fields = references(before, selection, scope, uid);
  if (isHeld && isLabelled && Object.keys(fields).length === 0) return undefined;
  return {
    metadata: {
      ...(isHeld ? {} : { finalizers: [...finalizers, FINALIZER_COMPOSITE], resourceVersion }),
      ...(isLabelled ? {} : { labels: { [LABEL_COMPOSITE]: name } }),
    },
    ...(Object.keys(fields).length === 0 ? {} : { spec: machinerySpec(scope, fields) }),
  };
}

function references(
  before: Machinery,
  { composition, revision, revisionSelector, problem }: Selection,
  scope: Scope,
  uid: string,
): Machinery {
  const namespace = revision?.spec.writeConnectionSecretsToNamespace;
  const needsSecret =
    problem === undefined &&
    scope === 'LegacyCluster' &&
    namespace !== undefined &&
    before.writeConnectionSecretToRef === undefined;
  return {
    ...(composition === undefined || before.compositionRef?.name === composition
      ? {}
      : { compositionRef: { name: composition } }),
    ...(revision === undefined || before.compositionRevisionRef?.name === revision.metadata.name
      ? {}
      : { compositionRevisionRef: { name: revision.metadata.name } }),
    ...(revisionSelector === undefined ? {} : { compositionRevisionSelector: revisionSelector }),
    ...(needsSecret ? { writeConnectionSecretToRef: { name: uid, namespace } } : {}),
  };
}
