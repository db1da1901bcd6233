/**
 * Crossplane's field paths: `spec.rule[0].tags[a.b/c]`, with `[*]` for every element.
 *
 * A path names a field in an object that was parsed from JSON. Reading tells a path that leads nowhere (`NotFound`, which
 * an optional patch may skip) from one that contradicts the object. Writing makes the objects and arrays it passes through.
 */
import { type Json, type JsonMap, isMap, setField } from './go/value.js';

/** A field by name, or an element by index. */
export type Segment = string | number;

/** An index that a path may write at most, so that one path cannot ask for gigabytes. */
const MAX_INDEX = 1024;
const MAX_UINT32 = 4294967295;
const WILDCARD = '*';

/** The path cannot be read as one, or contradicts the object. */
export class FieldPathError extends Error {}

/** The path is good and leads to nothing. */
export class NotFound extends FieldPathError {}

export function parseFieldPath(path: string): readonly Segment[] {
  const segments: Segment[] = [];
  const refuse = (what: string, at: number): never => {
    throw new FieldPathError(
      `cannot parse path ${JSON.stringify(path)}: ${what} at position ${String(at)}`,
    );
  };
  let at = 0;
  let start = 0;
  const field = (): void => {
    if (at > start) segments.push(unquoted(path.slice(start, at)));
  };
  while (at < path.length) {
    const char = path[at];
    if (char === ']') refuse("unexpected ']'", at);
    if (char === '.') {
      field();
      if (at === 0 || at === path.length - 1) refuse("unexpected '.'", at);
      if (path[at + 1] === '.') refuse("unexpected '.'", at + 1);
      if (path[at + 1] === '[') refuse("unexpected '['", at + 1);
      start = at + 1;
    } else if (char === '[') {
      field();
      const end = path.indexOf(']', at);
      if (end < 0) refuse("unterminated '['", at);
      if (end === at + 1) refuse("unexpected ']'", end);
      const inside = path.slice(at + 1, end);
      if (inside.includes('[')) refuse("unexpected '['", at + 1 + inside.indexOf('['));
      segments.push(fieldOrIndex(inside));
      at = end;
      start = end + 1;
    }
    at += 1;
  }
  field();
  return segments;
}

function fieldOrIndex(inside: string): Segment {
  if (/^[0-9]+$/.test(inside)) {
    const index = Number(inside);
    if (index <= MAX_UINT32) return index;
  }
  return unquoted(inside);
}

const unquoted = (name: string): string => name.replace(/^['"]+|['"]+$/g, '');

export function printFieldPath(segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (typeof segment === 'number') return `[${String(segment)}]`;
      return segment === WILDCARD || segment.includes('.') ? `[${segment}]` : `.${segment}`;
    })
    .join('')
    .replace(/^\./, '');
}

/** The empty path reads null. */
export function readField(object: Json, segments: readonly Segment[]): Json {
  let it: Json = segments.length === 0 ? null : object;
  for (const [i, segment] of segments.entries()) {
    if (typeof segment === 'number') {
      if (!Array.isArray(it)) throw at(segments, i, 'not an array');
      if (segment >= it.length) throw missing(segments, i + 1, 'no such element');
      it = it[segment] ?? null;
    } else {
      if (it === null) throw missing(segments, i, 'expected map, got nil');
      if (!isMap(it)) throw at(segments, i, 'not an object');
      if (!Object.hasOwn(it, segment)) throw missing(segments, i + 1, 'no such field');
      it = it[segment] ?? null;
    }
  }
  return it;
}

/** Writes `value` itself, not a copy. The empty path writes nothing. */
export function writeField(object: JsonMap, segments: readonly Segment[], value: Json): void {
  for (const segment of segments) {
    if (typeof segment === 'number' && segment > MAX_INDEX) {
      throw new FieldPathError(
        `index ${String(segment)} is greater than max allowed index ${String(MAX_INDEX)}`,
      );
    }
  }
  let it: Json = object;
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1];
    if (typeof segment === 'number') {
      if (!Array.isArray(it))
        throw new FieldPathError(`${printFieldPath(segments.slice(0, i))} is not an array`);
      while (it.length <= segment) it.push(null);
      it[segment] = next === undefined ? value : (it[segment] ?? emptyFor(next));
      it = it[segment];
    } else {
      if (!isMap(it))
        throw new FieldPathError(`${printFieldPath(segments.slice(0, i))} is not an object`);
      if (next === undefined) setField(it, segment, value);
      else if (!Object.hasOwn(it, segment)) setField(it, segment, emptyFor(next));
      it = it[segment] ?? null;
    }
  }
}

const emptyFor = (segment: Segment): Json => (typeof segment === 'number' ? [] : {});

/** The paths that a path with wildcards stands for in this object; those that lead nowhere are left out. */
export function expandWildcards(
  object: Json,
  segments: readonly Segment[],
): (readonly Segment[])[] {
  const wildcard = segments.indexOf(WILDCARD);
  try {
    if (wildcard < 0) {
      readField(object, segments);
      return [segments];
    }
    const parent = wildcard === 0 ? object : readField(object, segments.slice(0, wildcard));
    if (parent === null || typeof parent !== 'object') {
      throw at(segments, wildcard, 'unexpected wildcard usage');
    }
    const keys: Segment[] = Array.isArray(parent)
      ? parent.map((_, index) => index)
      : Object.keys(parent);
    return keys.flatMap((key) => expandWildcards(object, segments.with(wildcard, key)));
  } catch (error) {
    if (error instanceof NotFound) return [];
    throw error;
  }
}

const at = (segments: readonly Segment[], end: number, what: string): FieldPathError =>
  new FieldPathError(`${printFieldPath(segments.slice(0, end))}: ${what}`);

const missing = (segments: readonly Segment[], end: number, what: string): NotFound =>
  new NotFound(`${printFieldPath(segments.slice(0, end))}: ${what}`);
