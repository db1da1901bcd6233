/**
 * Typed values: objects seen through their schema, as server-side apply merges and compares them.
 *
 * Lists of type map and set are merged item by item, all others are atomic; objects are merged member by member unless
 * their schema says atomic; what has no schema is taken as objects of members and atomic lists.
 */
import { formatJson, isEqual, isJsonObject, type JsonObject } from '../json/json.js';
import { OBJECT_META, TYPE_META } from '../schema/object-meta.js';
import { isSet, mapKeysOf, memberSchema, type Schema } from '../schema/schema.js';
import { itemKey } from '../schema/validation.js';
import { EMPTY, hasPath, touches, union, withPath, type FieldSet } from './field-set.js';

type MaybeSchema = Schema | undefined;

function isAtomicMap(schema: MaybeSchema): boolean {
  return schema?.['x-kubernetes-map-type'] === 'atomic';
}

function isMergedList(schema: MaybeSchema): boolean {
  return isSet(schema) || mapKeysOf(schema) !== undefined;
}

/** An object within an object has its own type and metadata, whatever its schema says of them. */
const EMBEDDED: Schema = { properties: { ...TYPE_META, metadata: OBJECT_META } };

function isEmbedded(schema: MaybeSchema, key: string): boolean {
  const isObject = schema?.['x-kubernetes-embedded-resource'] === true;
  return isObject && memberSchema(EMBEDDED, key) !== undefined;
}

function schemaOfMember(schema: MaybeSchema, key: string): MaybeSchema {
  return memberSchema(isEmbedded(schema, key) ? EMBEDDED : schema, key);
}

/** Whether the schema names the member, which then is there by its schema, and not because someone put it there. */
function isNamed(schema: MaybeSchema, key: string): boolean {
  const isOwn = schema?.properties !== undefined && Object.hasOwn(schema.properties, key);
  return isOwn || isEmbedded(schema, key);
}

/** How a field set names an item of a merged list. */
function elementOf(item: unknown, schema: Schema): string {
  const keys = mapKeysOf(schema);
  return keys === undefined ? `v:${formatJson(item)}` : `k:${itemKey(item, keys, schema.items)}`;
}

/** The fields that a configuration sets: its leaves, the items of its lists and the keys of its maps. */
export function fieldsOf(value: unknown, schema: MaybeSchema): FieldSet {
  return collect(value, schema, []);
}

function collect(value: unknown, schema: MaybeSchema, path: readonly string[]): FieldSet {
  if (isJsonObject(value) && !isAtomicMap(schema)) {
    return Object.entries(value).reduce<FieldSet>((set, [key, member]) => {
      const at = [...path, `f:${key}`];
      const isKnown = isNamed(schema, key);
      const isBare = member === null || (isJsonObject(member) && Object.keys(member).length === 0);
      const below = union(set, collect(member, schemaOfMember(schema, key), at));
      return !isKnown || isBare ? withPath(below, at) : below;
    }, EMPTY);
  }
  if (Array.isArray(value) && isMergedList(schema) && schema !== undefined) {
    return value.reduce<FieldSet>((set, item: unknown) => {
      const at = [...path, elementOf(item, schema)];
      return withPath(union(set, collect(item, schema.items, at)), at);
    }, EMPTY);
  }
  return withPath(EMPTY, path);
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** What differs between two states of an object, place by place. */
export function compare(before: unknown, after: unknown, schema: MaybeSchema): Comparison {
  const found = { added: EMPTY, modified: EMPTY, removed: EMPTY };
  compareAt(before, after, schema, [], found);
  return found;
}

type Found = { -readonly [K in keyof Comparison]: FieldSet };

/** `path` is lent to what is below, and as it was when this returns. */
function compareAt(
  before: unknown,
  after: unknown,
  schema: MaybeSchema,
  path: string[],
  found: Found,
): void {
  if (before === after || (before !== undefined && after !== undefined && isEqual(before, after)))
    return;
  if (path.length > 0 && before === undefined) found.added = withPath(found.added, path);
  if (path.length > 0 && after === undefined) found.removed = withPath(found.removed, path);
  if (isObjectOrNone(before) && isObjectOrNone(after) && !isAtomicMap(schema)) {
    compareMembers(before ?? {}, after ?? {}, schema, path, found);
    return;
  }
  const items = itemsOf(before, after, schema);
  if (items === undefined) {
    if (before === undefined || after === undefined) return;
    found.modified = withPath(found.modified, path);
    // Where one of them is an object, its members came or went.
    const members = (value: unknown) => (isJsonObject(value) && !isAtomicMap(schema) ? value : {});
    compareMembers(members(before), members(after), schema, path, found);
    return;
  }
  for (const [element, item] of items) {
    path.push(element);
    compareAt(item.before, item.after, schema?.items, path, found);
    path.pop();
  }
}

function isObjectOrNone(value: unknown): value is JsonObject | undefined {
  return value === undefined || isJsonObject(value);
}

function compareMembers(
  before: JsonObject,
  after: JsonObject,
  schema: MaybeSchema,
  path: string[],
  found: Found,
): void {
  const compareMember = (key: string) => {
    const [left, right] = [memberOf(before, key), memberOf(after, key)];
    path.push(`f:${key}`);
    compareAt(left, right, schemaOfMember(schema, key), path, found);
    path.pop();
  };
  for (const key of Object.keys(before)) compareMember(key);
  for (const key of Object.keys(after)) {
    if (memberOf(before, key) === undefined) compareMember(key);
  }
}

function memberOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

interface Pair {
  before?: unknown;
  after?: unknown;
}

/** The items of two merged lists, or undefined where the values are compared as wholes. */
function itemsOf(
  before: unknown,
  after: unknown,
  schema: MaybeSchema,
): Map<string, Pair> | undefined {
  if (schema === undefined || !isMergedList(schema)) return undefined;
  const items = new Map<string, Pair>();
  for (const side of ['before', 'after'] as const) {
    const list = side === 'before' ? before : after;
    if (list === undefined) continue;
    if (!Array.isArray(list)) return undefined;
    for (const item of list as unknown[]) {
      const element = elementOf(item, schema);
      items.set(element, { ...items.get(element), [side]: item });
    }
  }
  return items;
}

/** `config` laid over `live`: what it sets is set, what it leaves out stays. */
export function merge(live: unknown, config: unknown, schema: MaybeSchema): unknown {
  if (isJsonObject(config) && isJsonObject(live) && !isAtomicMap(schema)) {
    const merged: JsonObject = { ...live };
    for (const [key, value] of Object.entries(config)) {
      merged[key] = merge(live[key], value, schemaOfMember(schema, key));
    }
    return merged;
  }
  if (
    Array.isArray(config) &&
    Array.isArray(live) &&
    schema !== undefined &&
    isMergedList(schema)
  ) {
    return mergeLists(live, config, schema);
  }
  return config;
}

/** The items of the configuration in its order, those only live has staying behind the neighbour they had. */
function mergeLists(
  live: readonly unknown[],
  config: readonly unknown[],
  schema: Schema,
): unknown[] {
  const applied = new Map(config.map((item) => [elementOf(item, schema), item]));
  const current = new Map(live.map((item) => [elementOf(item, schema), item]));
  const merged: unknown[] = [];
  const placed = new Set<string>();
  const place = (element: string) => {
    if (placed.has(element)) return;
    placed.add(element);
    const [mine, theirs] = [applied.get(element), current.get(element)];
    if (mine === undefined) merged.push(theirs);
    else merged.push(theirs === undefined ? mine : merge(theirs, mine, schema.items));
  };
  const order = [...applied.keys()];
  for (const element of current.keys()) {
    // Everything the configuration has before this item comes before it.
    if (applied.has(element)) order.slice(0, order.indexOf(element) + 1).forEach(place);
    else place(element);
  }
  for (const element of order) place(element);
  return merged;
}

/**
 * `value` without the places of `removed`; a place goes with all that is below it unless `kept` touches that. What is left
 * without anything in it is null, as structured-merge-diff has it.
 */
export function removeFields(
  value: unknown,
  removed: FieldSet,
  kept: FieldSet,
  schema: MaybeSchema,
): unknown {
  if (isJsonObject(value) && !isAtomicMap(schema)) {
    const left: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
      const element = `f:${key}`;
      const outcome = removeAt(member, element, removed, kept, schemaOfMember(schema, key));
      if (outcome !== undefined) left[key] = outcome;
    }
    return Object.keys(left).length === 0 && Object.keys(value).length > 0 ? null : left;
  }
  if (Array.isArray(value) && schema !== undefined && isMergedList(schema)) {
    const left = value.flatMap((item: unknown) => {
      const outcome = removeAt(item, elementOf(item, schema), removed, kept, schema.items);
      return outcome === undefined ? [] : [outcome];
    });
    return left.length === 0 && value.length > 0 ? null : left;
  }
  return value;
}

function removeAt(
  value: unknown,
  element: string,
  removed: FieldSet,
  kept: FieldSet,
  schema: MaybeSchema,
): unknown {
  const below = removed[element];
  if (below === undefined) return value;
  if (hasPath(removed, [element]) && !touches(kept, element)) return undefined;
  return removeFields(value, below, kept[element] ?? EMPTY, schema);
}
