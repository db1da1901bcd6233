/**
 * Pruning and defaulting: what a custom resource holds is what its schema knows, with defaults filled in.
 *
 * Both give a new value and leave the given one alone. Runs on every write before validation; defaulting also on
 * every read, so that a default added to a schema shows in objects that were stored before.
 */
import { copyJson, isJsonObject, type JsonObject } from '../json/json.js';
import { fieldPath, keepsUnknownFields, memberSchema, type Schema } from './schema.js';

/** Fields of an embedded resource that its schema does not have to name. */
export const EMBEDDED_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/** `value` without the fields outside its schema; their paths are added to `pruned`. */
export function prune(value: unknown, schema: Schema, path: string, pruned: string[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return value.map((item: unknown, index) => prune(item, items, `${path}[${index}]`, pruned));
  }
  if (!isJsonObject(value)) return value;
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const result: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const known = memberSchema(schema, key);
    if (isEmbedded && EMBEDDED_FIELDS.has(key)) result[key] = member;
    else if (known !== undefined) result[key] = prune(member, known, fieldPath(path, key), pruned);
    else if (keepsUnknownFields(schema) || schema.additionalProperties === true)
      result[key] = member;
    else pruned.push(fieldPath(path, key));
  }
  return result;
}

/** What becomes of a null that the schema does not take and that has no default: an apply is refused over it. */
export type Nulls = 'dropped' | 'kept';

/**
 * `value` with defaults where fields are absent, and without nulls where the schema takes none (their default, if they
 * have one, comes instead). The same value comes back when nothing is missing.
 */
export function applyDefaults(value: unknown, schema: Schema, nulls: Nulls = 'dropped'): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return mapChanged(value, (item) => applyDefaults(item, items, nulls));
  }
  if (!isJsonObject(value)) return value;
  let result = value;
  const set = (key: string, member: unknown) => {
    if (result === value) result = { ...value };
    if (member === undefined) Reflect.deleteProperty(result, key);
    else result[key] = member;
  };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const member = Object.hasOwn(value, key) ? value[key] : undefined;
    const isAbsent = member === undefined || (member === null && property.nullable !== true);
    if (!isAbsent) {
      const defaulted = applyDefaults(member, property, nulls);
      if (defaulted !== member) set(key, defaulted);
    } else if (property.default !== undefined) {
      set(key, applyDefaults(copyJson(property.default), property, nulls));
    } else if (member === null && nulls === 'dropped') {
      set(key, undefined);
    }
  }
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') {
    for (const [key, member] of Object.entries(value)) {
      if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) continue;
      const isDropped =
        member === null && additionalProperties.nullable !== true && nulls === 'dropped';
      const defaulted = isDropped
        ? additionalProperties.default && copyJson(additionalProperties.default)
        : applyDefaults(member, additionalProperties, nulls);
      if (defaulted !== member) set(key, defaulted);
    }
  }
  return result;
}

function mapChanged(
  list: readonly unknown[],
  change: (item: unknown) => unknown,
): readonly unknown[] {
  const changed = list.map(change);
  return changed.every((item, index) => item === list[index]) ? list : changed;
}
