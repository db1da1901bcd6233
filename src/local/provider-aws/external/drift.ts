/**
 * Whether AWS has what `forProvider` asks for.
 *
 * Only what is asked counts: a field that `forProvider` leaves open is AWS's to fill. Lists are compared without their
 * order unless the kind says that it matters, maps (tags, environment variables) completely, policies by their meaning.
 */
import { isDeepStrictEqual } from 'node:util';
import { sameDocument } from './policy-document.js';

export interface Comparison {
  /** Paths of maps, which must hold exactly the wanted entries. `tags` always is one. */
  readonly maps?: readonly string[];
  /** Paths of lists whose order matters. */
  readonly ordered?: readonly string[];
  /** Paths of JSON documents, compared by meaning. */
  readonly documents?: readonly string[];
  /** Paths that steer the provider and have no counterpart in AWS. */
  readonly settings?: readonly string[];
  /** Top-level fields for which "left open" means "none". */
  readonly emptyWhenOpen?: readonly string[];
  /** Top-level fields that AWS cannot change in place. */
  readonly immutable?: readonly string[];
}

/** The top-level fields of `wanted` that `actual` does not cover, sorted. */
export function driftOf(
  wanted: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  comparison: Comparison = {},
): string[] {
  const { settings = [], emptyWhenOpen = [] } = comparison;
  const differs = (field: string) => !covers(wanted[field], actual[field], field, comparison);
  const asked = Object.keys(wanted).filter(
    (field) => wanted[field] !== undefined && !settings.includes(field),
  );
  const cleared = emptyWhenOpen.filter(
    (field) => wanted[field] === undefined && !isEmpty(actual[field]),
  );
  return [...asked.filter(differs), ...cleared].sort();
}

function covers(wanted: unknown, actual: unknown, path: string, how: Comparison): boolean {
  if (how.settings?.includes(path) === true) return true;
  if (isEmpty(wanted)) return isEmpty(actual);
  if (typeof wanted === 'string' && typeof actual === 'string') {
    return (
      wanted === actual || (how.documents?.includes(path) === true && sameDocument(wanted, actual))
    );
  }
  if (path === 'tags' || how.maps?.includes(path) === true)
    return isDeepStrictEqual(wanted, actual);
  if (Array.isArray(wanted)) {
    return Array.isArray(actual) && coversList(wanted, actual, path, how);
  }
  if (isRecord(wanted)) {
    return (
      isRecord(actual) &&
      Object.entries(wanted).every(([key, value]) =>
        covers(value, actual[key], `${path}.${key}`, how),
      )
    );
  }
  return wanted === actual;
}

function coversList(
  wanted: readonly unknown[],
  actual: readonly unknown[],
  path: string,
  how: Comparison,
): boolean {
  if (wanted.length !== actual.length) return false;
  if (how.ordered?.includes(path) === true) {
    return wanted.every((item, index) => covers(item, actual[index], path, how));
  }
  const free = [...actual];
  return wanted.every((item) => {
    const match = free.findIndex((candidate) => covers(item, candidate, path, how));
    if (match < 0) return false;
    free.splice(match, 1);
    return true;
  });
}

/** AWS leaves out what is off or empty; asking for it is then the same as having it. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return isRecord(value) && Object.values(value).every(isEmpty);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
