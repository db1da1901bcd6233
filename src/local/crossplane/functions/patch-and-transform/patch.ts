/**
 * Patches: each reads one document and writes another, through its transforms.
 *
 * What is observed is read and what is desired is written, so a patch never sees the result of another, except through the
 * environment, which is both.
 */
import { parseFieldPath } from '../field-path.js';
import { sprintf } from '../go/format.js';
import type { GoValue } from '../go/value.js';
import type { Document } from './document.js';
import type { Combine, Input, Patch, Template } from './input.js';
import { mergeOptions } from './merge.js';
import { applyTransforms } from './transform.js';

/** The documents that a patch can name; `observed` and `desired` are the composed resource's. */
export interface Documents {
  readonly composite: Document;
  readonly desiredComposite: Document;
  readonly environment: Document;
  readonly observed?: Document;
  readonly desired: Document;
}

type Ends = readonly [from: keyof Documents, to: keyof Documents];

/** From and to, for the patches of a template. */
const COMPOSED_ENDS: Readonly<Record<string, Ends>> = {
  FromCompositeFieldPath: ['composite', 'desired'],
  CombineFromComposite: ['composite', 'desired'],
  ToCompositeFieldPath: ['observed', 'desiredComposite'],
  CombineToComposite: ['observed', 'desiredComposite'],
  FromEnvironmentFieldPath: ['environment', 'desired'],
  CombineFromEnvironment: ['environment', 'desired'],
  ToEnvironmentFieldPath: ['observed', 'environment'],
  CombineToEnvironment: ['observed', 'environment'],
};

/** From and to, for the patches between composite and environment. */
const ENVIRONMENT_ENDS: Readonly<Record<string, Ends>> = {
  FromCompositeFieldPath: ['composite', 'environment'],
  ToEnvironmentFieldPath: ['composite', 'environment'],
  CombineFromComposite: ['composite', 'environment'],
  ToCompositeFieldPath: ['environment', 'desiredComposite'],
  FromEnvironmentFieldPath: ['environment', 'desiredComposite'],
  CombineToComposite: ['environment', 'desiredComposite'],
};

export const writesComposedResource = (patch: Patch): boolean =>
  COMPOSED_ENDS[patch.type]?.[1] === 'desired';

/** Does nothing while the resource that it reads from does not exist. Throws `NotFound` where the field read is not there. */
export function applyComposedPatch(patch: Patch, documents: Documents): void {
  const ends = COMPOSED_ENDS[patch.type];
  if (ends === undefined) return;
  const from = documents[ends[0]];
  const to = documents[ends[1]];
  if (from !== undefined && to !== undefined) applyPatch(patch, from, to);
}

export function applyEnvironmentPatch(patch: Patch, documents: Omit<Documents, 'desired'>): void {
  const ends = ENVIRONMENT_ENDS[patch.type];
  if (ends === undefined) return;
  const { composite, desiredComposite, environment } = documents;
  const named = { composite, desiredComposite, environment };
  applyPatch(patch, named[ends[0] as keyof typeof named], named[ends[1] as keyof typeof named]);
}

/** Reads, transforms, writes. */
export function applyPatch(patch: Patch, from: Document, to: Document): void {
  const isCombined = patch.combine !== undefined && patch.type.startsWith('Combine');
  const fromPath = patch.fromFieldPath ?? '';
  const toPath = patch.toFieldPath ?? (isCombined ? '' : fromPath);
  const value = applyTransforms(
    patch.transforms,
    isCombined ? combined(patch.combine, from) : from.read(parseFieldPath(fromPath)),
  );
  const options = mergeOptions(patch.policy?.toFieldPath);
  if (!isCombined && toPath.includes('[*]')) {
    if (!to.writeEach(parseFieldPath(toPath), value, options))
      throw new Error(`cannot expand ToFieldPath ${toPath}`);
    return;
  }
  try {
    to.write(parseFieldPath(toPath), value, options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot patch to object: ${why}`, { cause });
  }
}

function combined({ strategy, variables, string }: Combine, from: Document): GoValue {
  const values = variables.map((variable) => from.read(parseFieldPath(variable.fromFieldPath)));
  if (strategy !== 'string') throw new Error(`combine strategy ${strategy} is not supported`);
  if (string === undefined) throw new Error('given combine strategy string requires configuration');
  return sprintf(string.fmt, ...values);
}

/** The template's patches with each PatchSet replaced by the patches it names. */
export function expandPatchSets(template: Template, sets: Input['patchSets']): readonly Patch[] {
  return template.patches.flatMap((patch) => {
    if (patch.type !== 'PatchSet') return [patch];
    const set = sets.findLast(({ name }) => name === patch.patchSetName);
    if (set === undefined) {
      throw new Error(
        `cannot resolve PatchSets: cannot find PatchSet by name ${String(patch.patchSetName)}`,
      );
    }
    return set.patches;
  });
}
