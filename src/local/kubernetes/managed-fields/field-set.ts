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
  for (const _element in set) return false;
  return true;
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

/** What becomes of a place: of one that only the first set has, that only the second has, that both own, that one owns. */
interface Combination {
  readonly keepsFirst: boolean;
  readonly keepsSecond: boolean;
  readonly owns: (inFirst: boolean, inSecond: boolean) => boolean;
}

const UNION: Combination = { keepsFirst: true, keepsSecond: true, owns: (a, b) => a || b };
const INTERSECTION: Combination = {
  keepsFirst: false,
  keepsSecond: false,
  owns: (a, b) => a && b,
};
const DIFFERENCE: Combination = { keepsFirst: true, keepsSecond: false, owns: (a, b) => a && !b };

/**
 * Walks two sets side by side. What only one of them has is taken over as it is: every write combines large sets with
 * small ones, and copies of them would be most of what it leaves behind for the garbage collector.
 */
function combine(a: FieldSet, b: FieldSet, how: Combination): FieldSet {
  const combined: Record<string, FieldSet> = {};
  for (const element in a) {
    const [left, right] = [a[element], b[element]];
    if (element === SELF || left === undefined) continue;
    const child =
      right === undefined ? (how.keepsFirst ? left : undefined) : combineChild(left, right, how);
    if (child !== undefined) combined[element] = child;
  }
  if (!how.keepsSecond) return combined;
  for (const element in b) {
    const right = b[element];
    if (element !== SELF && right !== undefined && a[element] === undefined)
      combined[element] = right;
  }
  return combined;
}

function combineChild(left: FieldSet, right: FieldSet, how: Combination): FieldSet | undefined {
  return childOf(how.owns(ownsSelf(left), ownsSelf(right)), combine(left, right, how));
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, UNION);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, INTERSECTION);
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, DIFFERENCE);
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
export function withPath(set: FieldSet, path: readonly string[], depth = 0): FieldSet {
  const element = path[depth];
  if (element === undefined) return set;
  const child = set[element];
  const isLast = depth === path.length - 1;
  const isOwned = isLast || (child !== undefined && ownsSelf(child));
  const below = isLast ? (child ?? EMPTY) : withPath(child ?? EMPTY, path, depth + 1);
  const isSaid = !isOwned || isEmptySet(below) || SELF in below;
  return { ...set, [element]: isSaid ? below : { [SELF]: EMPTY, ...below } };
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
  const set = Object.fromEntries(
    Object.entries(value)
      .filter(([element]) => element === SELF || /^[fkvi]:/.test(element))
      .map(([element, child]) => [element, toFieldSet(child)]),
  );
  return childrenOf(set).length === 0 ? EMPTY : set;
}
