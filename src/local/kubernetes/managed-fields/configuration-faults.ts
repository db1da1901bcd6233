/** What makes a configuration no value of its schema, so that it cannot be said which fields it sets. */
import { formatJson, isJsonObject, type JsonObject } from '../json/json.js';
import { goText } from '../schema/go-text.js';
import { EMBEDDED_FIELDS } from '../schema/pruning.js';
import {
  isIntOrString,
  isSet,
  keepsUnknownFields,
  mapKeysOf,
  memberSchema,
  type Schema,
} from '../schema/schema.js';
import { itemKey } from '../schema/validation.js';

/** Each as `.spec.items[0]: why`, in the words of structured-merge-diff. */
export function configurationFaults(value: unknown, schema: Schema | undefined): string[] {
  return faultsAt(value, schema, '');
}

function faultsAt(value: unknown, schema: Schema | undefined, path: string): string[] {
  if (schema === undefined || value === null || value === undefined || isIntOrString(schema))
    return [];
  switch (schema.type) {
    case 'object':
      if (!isJsonObject(value)) return [`${path}: expected map, got &{${goText(value)}}`];
      return membersOf(value).flatMap(([key, member]) => {
        const known = memberSchema(schema, key);
        const at = `${path}.${key}`;
        return known === undefined && !mayHold(schema, key)
          ? [`${at}: field not declared in schema`]
          : faultsAt(member, known, at);
      });
    case 'array':
      if (!Array.isArray(value)) return [`${path}: expected list, got &{${goText(value)}}`];
      return listFaults(value, schema, path);
    case undefined:
      return [];
    default:
      return isOfType(value, schema.type) ? [] : [`${path}: ${mismatch(value, schema.type)}`];
  }
}

function membersOf(value: JsonObject): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a field may be there that the schema does not name. */
function mayHold(schema: Schema, key: string): boolean {
  if (keepsUnknownFields(schema) || schema.additionalProperties === true) return true;
  return schema['x-kubernetes-embedded-resource'] === true && EMBEDDED_FIELDS.has(key);
}

function listFaults(list: readonly unknown[], schema: Schema, path: string): string[] {
  const { items = {} } = schema;
  const keys = mapKeysOf(schema);
  if (keys === undefined && !isSet(schema))
    return list.flatMap((item, index) => faultsAt(item, items, `${path}[${index}]`));
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    if (item === null) {
      const why =
        keys === undefined
          ? "associative list without keys has an element that's an explicit null"
          : 'associative list with keys may not have a null element';
      return [`${path}: element ${index}: ${why}`];
    }
    if (keys !== undefined && !hasKey(item, keys, items)) {
      const names = `["${keys.join('" "')}"]`;
      return [
        `${path}: element ${index}: associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
      ];
    }
    const element = keys === undefined ? formatJson(item) : itemKey(item, keys, items);
    const shown = keys === undefined ? `=${element}` : formatKey(element);
    const below = faultsAt(item, items, `${path}[${shown}]`);
    if (!seen.has(element)) {
      seen.add(element);
      return below;
    }
    return [`${path}: duplicate entries for key [${shown}]`, ...below];
  });
}

function hasKey(item: unknown, keys: readonly string[], items: Schema): boolean {
  return (
    isJsonObject(item) &&
    keys.some((key) => item[key] !== undefined || items.properties?.[key]?.default !== undefined)
  );
}

function formatKey(element: string): string {
  return Object.entries(JSON.parse(element) as object)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',');
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'string' || type === 'boolean') return typeof value === type;
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Each of the types shows what it got in another of Go's ways. */
function mismatch(value: unknown, type: string): string {
  switch (type) {
    case 'string':
      return `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return `expected boolean, got &{${goText(value)}}`;
    default:
      return `expected numeric (int or float), got ${goTypeOf(value)}`;
  }
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isJsonObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** As Go's %#v writes it. */
function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isJsonObject(value)) return value === null ? 'interface {}(nil)' : formatJson(value);
  const shown = membersOf(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${goSyntax(member)}`,
  );
  return `map[string]interface {}{${shown.join(', ')}}`;
}
