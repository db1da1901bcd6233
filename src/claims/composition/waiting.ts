/**
 * What a composed resource waits for: a template whose patch requires a field that the composite does not have yet makes
 * nothing, and Crossplane says so only in an event. Read from the Composition's own patches.
 */
import { segmentsOf } from '../../model/paths.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Composition } from '../../local/crossplane/compositions/composition.js';

export interface Waiting {
  readonly template: string;
  readonly kind: string;
  readonly for: readonly Awaited[];
}

export interface Awaited {
  /** The field of the composite that is missing. */
  readonly field: string;
  /** The template whose resource reports it, if one does. */
  readonly from?: string;
}

interface Patch {
  readonly type?: string;
  readonly fromFieldPath?: string;
  readonly toFieldPath?: string;
  readonly patchSetName?: string;
  readonly policy?: { readonly fromFieldPath?: string };
  readonly combine?: { readonly variables?: readonly { readonly fromFieldPath: string }[] };
}

interface Template {
  readonly name: string;
  readonly base?: { readonly kind?: string };
  readonly patches?: readonly Patch[];
}

interface Input {
  readonly resources?: readonly Template[];
  readonly patchSets?: readonly { readonly name: string; readonly patches: readonly Patch[] }[];
}

const FROM_COMPOSITE = new Set([undefined, 'FromCompositeFieldPath', 'CombineFromComposite']);
const TO_COMPOSITE = new Set(['ToCompositeFieldPath', 'CombineToComposite']);

/** The templates of `composition` that are not among `made`. */
export function awaitedBy(
  composition: Composition,
  composite: KubernetesObject,
  made: ReadonlySet<string>,
): Waiting[] {
  const inputs = composition.spec.pipeline.map(({ input }) => (input ?? {}) as Input);
  const templates = inputs.flatMap((input) =>
    (input.resources ?? []).map((template) => ({ template, patches: patchesOf(template, input) })),
  );
  const reporters = new Map(
    templates.flatMap(({ template, patches }) =>
      patches
        .filter(({ type }) => TO_COMPOSITE.has(type ?? ''))
        .map(({ toFieldPath, fromFieldPath }) => [toFieldPath ?? fromFieldPath, template.name]),
    ),
  );
  return templates
    .filter(({ template }) => !made.has(template.name))
    .map(({ template: { name, base }, patches }) => ({
      template: name,
      kind: base?.kind ?? '',
      for: [...new Set(patches.flatMap(requiredFields))]
        .filter((field) => !isPresent(composite, field))
        .map((field) => {
          const from = reporters.get(field);
          return from === undefined ? { field } : { field, from };
        }),
    }));
}

function patchesOf({ patches = [] }: Template, { patchSets = [] }: Input): readonly Patch[] {
  return patches.flatMap((patch) =>
    patch.type === 'PatchSet'
      ? (patchSets.find(({ name }) => name === patch.patchSetName)?.patches ?? [])
      : [patch],
  );
}

function requiredFields({ type, policy, fromFieldPath, combine }: Patch): readonly string[] {
  if (policy?.fromFieldPath !== 'Required' || !FROM_COMPOSITE.has(type)) return [];
  if (fromFieldPath !== undefined) return [fromFieldPath];
  return (combine?.variables ?? []).map((variable) => variable.fromFieldPath);
}

function isPresent(object: unknown, field: string): boolean {
  const found = segmentsOf(field).reduce<unknown>(
    (at, segment) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[segment] : undefined,
    object,
  );
  return found !== undefined;
}
