/**
 * Accepted names: which of the names that a definition asks for it gets.
 *
 * Within a group each name belongs to one definition (apiextensions-apiserver, status/naming_controller.go): what
 * another one got first is refused, the rest is taken, and the last refusal is told.
 */
import type { Definition, DefinitionNames } from './definition.js';

export interface Acceptance {
  readonly names: DefinitionNames;
  readonly refusal: { readonly reason: string; readonly message: string } | undefined;
}

export const NO_NAMES: DefinitionNames = { plural: '', kind: '' };

/** `taken` has the names that the other definitions of the group got. */
export function acceptNames(
  { spec, status }: Pick<Definition, 'spec' | 'status'>,
  taken: readonly DefinitionNames[],
): Acceptance {
  const wanted = spec.names;
  const had = status?.acceptedNames ?? NO_NAMES;
  const resources = new Set(taken.flatMap(resourceNamesOf));
  const kinds = new Set(taken.flatMap(({ kind, listKind = '' }) => [kind, listKind]));
  let refusal: Acceptance['refusal'];
  const accept = (field: 'plural' | 'singular' | 'kind' | 'listKind', used: Set<string>) => {
    const name = wanted[field] ?? '';
    if (name === had[field] || !used.has(name)) return name;
    refusal = { reason: `${REASONS[field]}Conflict`, message: inUse(name) };
    return had[field] ?? '';
  };
  const [plural, singular] = [accept('plural', resources), accept('singular', resources)];
  const refused = (wanted.shortNames ?? []).filter(
    (name) => had.shortNames?.includes(name) !== true && resources.has(name),
  );
  if (refused.length > 0)
    refusal = { reason: 'ShortNamesConflict', message: together(refused.map(inUse)) };
  const shortNames = refused.length > 0 ? had.shortNames : wanted.shortNames;
  const [kind, listKind] = [accept('kind', kinds), accept('listKind', kinds)];
  const names = {
    plural,
    ...(singular === '' ? {} : { singular }),
    ...(shortNames === undefined ? {} : { shortNames }),
    kind,
    ...(listKind === '' ? {} : { listKind }),
    ...(wanted.categories === undefined ? {} : { categories: wanted.categories }),
  };
  return { names, refusal };
}

const REASONS = { plural: 'Plural', singular: 'Singular', kind: 'Kind', listKind: 'ListKind' };

function resourceNamesOf({ plural, singular = '', shortNames = [] }: DefinitionNames): string[] {
  return [plural, singular, ...shortNames];
}

function inUse(name: string): string {
  return `"${name}" is already in use`;
}

/** As Go prints errors that come together. */
function together(messages: readonly string[]): string {
  return messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`;
}
