/**
 * Field sets: which fields of an object a manager owns, in the form that `managedFields` stores (FieldsV1).
 *
 * `f:name` is a member of an object, `k:{…}` an item of a list by its keys, `v:…` a value of a set; `.` says that the
 * place itself is owned, and an empty object is a place that is owned and has nothing owned below it.
 */
import { isJsonObject, type JsonObject } from '../json/json.js';

/** Places below this one; a set without places is the empty set. Never changed once made. */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

const SELF = '.';
export const EMPTY: FieldSet = {};

export function isEmptySet(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}

/** Whether `set`, as the child of another, says that its own place is owned. */
function ownsSelf(set: FieldSet): boolean {
  return SELF in set || isEmptySet(set);
}

function childrenOf(set: FieldSet): [string, FieldSet][] {
  return Object.entries(set).filter(([element]) => element !== SELF);
}

/** A child made of parts, or undefined where nothing is left of it. */
function childOf(isOwned: boolean, children: FieldSet): FieldSet | undefined {
  if (isEmptySet(children)) return isOwned ? EMPTY : undefined;
  return isOwned ? { [SELF]: EMPTY, ...children } : children;
}

/** Walks two sets side by side; `owns` decides which places the outcome owns. */
function combine(
  a: FieldSet,
  b: FieldSet,
  owns: (inA: boolean, inB: boolean) => boolean,
): FieldSet {
  const combined: Record<string, FieldSet> = {};
  for (const element of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (element === SELF) continue;
    const left = a[element];
    const right = b[element];
    const isOwned = owns(
      left !== undefined && ownsSelf(left),
      right !== undefined && ownsSelf(right),
    );
    const child = childOf(isOwned, combine(left ?? EMPTY, right ?? EMPTY, owns));
    if (child !== undefined) combined[element] = child;
  }
  return combined;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA || inB);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** `a` without the places of `b` and everything below them. */
export function withoutTrees(a: FieldSet, b: FieldSet): FieldSet {
  const left: Record<string, FieldSet> = {};
  for (const [element, child] of childrenOf(a)) {
    const removed = b[element];
    if (removed === undefined) left[element] = child;
    else if (!ownsSelf(removed)) {
      const kept = childOf(ownsSelf(child), withoutTrees(child, removed));
      if (kept !== undefined) left[element] = kept;
    }
  }
  return left;
}

/** The set with every member that something is owned below, but for `metadata`, which no object is without. */
export function withParents(set: FieldSet): FieldSet {
  return Object.fromEntries(
    childrenOf(set).map(([element, child]) => [element, withOwnParents(element, child)]),
  );
}

function withOwnParents(element: string, child: FieldSet): FieldSet {
  if (isEmptySet(child)) return child;
  const children = withParents(child);
  const isOwned = ownsSelf(child) || (element.startsWith('f:') && element !== 'f:metadata');
  return isOwned ? { [SELF]: EMPTY, ...children } : children;
}

export function isSameSet(a: FieldSet, b: FieldSet): boolean {
  const elements = Object.keys(a);
  if (elements.length !== Object.keys(b).length) return false;
  return elements.every((element) => {
    const [left, right] = [a[element], b[element]];
    return left !== undefined && right !== undefined && isSameSet(left, right);
  });
}

/** The set with one more place. */
export function withPath(set: FieldSet, path: readonly string[]): FieldSet {
  const single = path.reduceRight<FieldSet>((below, element) => ({ [element]: below }), EMPTY);
  return path.length === 0 ? set : union(set, single);
}

/** Every place that is owned. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): string[][] {
  return childrenOf(set).flatMap(([element, child]) => {
    const path = [...prefix, element];
    return [...(ownsSelf(child) ? [path] : []), ...pathsOf(child, path)];
  });
}

export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let current: FieldSet | undefined = set;
  for (const element of path) {
    current = current[element];
    if (current === undefined) return false;
  }
  return ownsSelf(current);
}

/** Whether the place or anything below it is owned. */
export function touches(set: FieldSet | undefined, element: string): boolean {
  return set?.[element] !== undefined;
}

/** The path as messages show it: `.spec.items[name="a"].v`. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatElement).join('');
}

function formatElement(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('k:')) {
    const keys = JSON.parse(rest) as JsonObject;
    const shown = Object.entries(keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return `[${shown.join(',')}]`;
  }
  return element.startsWith('v:') ? `[=${rest}]` : `[${rest}]`;
}

/** `fieldsV1` as it was stored or sent; whatever is not an object is ignored. */
export function toFieldSet(value: unknown): FieldSet {
  if (!isJsonObject(value)) return EMPTY;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([element]) => element === SELF || /^[fkvi]:/.test(element))
      .map(([element, child]) => [element, toFieldSet(child)]),
  );
}
