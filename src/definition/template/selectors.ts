/** Selectors: how a template finds another resource of the same claim, and the proof that exactly one is there to be found. */
import type { KindName } from '../../model/managed/kinds.js';
import type { Template } from './template.js';

export interface SameClaimSelector {
  readonly matchControllerRef: true;
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** Finds a resource of the same claim by its labels. */
export function ofSameClaim(matchLabels: Readonly<Record<string, string>>): SameClaimSelector {
  return { matchControllerRef: true, matchLabels };
}

export function findDanglingSelectors(templates: readonly Template[]): string[] {
  return templates.flatMap((template) =>
    selectorsIn(template.forProvider).flatMap(({ field, selector }) => {
      const kind = template.definition.refersTo?.[field];
      if (kind === undefined)
        return [`${template.name}: nobody says what kind ${field}Selector finds`];
      const found = templates.filter((candidate) => matches(candidate, kind, selector));
      if (found.length === 1) return [];
      const labels = JSON.stringify(selector.matchLabels);
      return [
        `${template.name}: ${field}Selector ${labels} finds ${found.length} of kind ${kind}, and must find one`,
      ];
    }),
  );
}

/** The templates whose resources the selectors of one find. */
export function foundBy(template: Template, templates: readonly Template[]): Template[] {
  return selectorsIn(template.forProvider).flatMap(({ field, selector }) => {
    const kind = template.definition.refersTo?.[field];
    return kind === undefined ? [] : templates.filter((each) => matches(each, kind, selector));
  });
}

function matches(candidate: Template, kind: KindName, { matchLabels }: SameClaimSelector): boolean {
  return (
    candidate.definition.kind === kind &&
    Object.entries(matchLabels).every(([key, value]) => candidate.labels[key] === value)
  );
}

interface FoundSelector {
  /** The field that the selector fills. */
  readonly field: string;
  readonly selector: SameClaimSelector;
}

function selectorsIn(value: unknown): FoundSelector[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key.endsWith('Selector')
      ? [{ field: key.slice(0, -'Selector'.length), selector: inner as SameClaimSelector }]
      : selectorsIn(inner),
  );
}
