/** What a schema may say of how lists and maps are merged: `x-kubernetes-list-type` and `x-kubernetes-map-type`. */
import { notSupported, type FieldError } from '../http/status-error.js';
import type { Schema } from '../schema/schema.js';

const SCALARS = ['boolean', 'integer', 'number', 'string'];

export function mergeTypeFaults(schema: Schema, path: string): FieldError[] {
  return [...listTypeFaults(schema, path), ...mapTypeFaults(schema, path)];
}

function mapTypeFaults({ 'x-kubernetes-map-type': mapType, type }: Schema, path: string) {
  const errors: FieldError[] = [];
  if (mapType === undefined) return errors;
  if (type !== 'object') {
    const detail = 'must be object if x-kubernetes-map-type is specified';
    errors.push({ type: 'Invalid', field: `${path}.type`, value: type ?? '', detail });
  }
  if (!['atomic', 'granular'].includes(mapType))
    errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
  return errors;
}

function listTypeFaults(schema: Schema, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const field = `${path}.x-kubernetes-list-type`;
  const errors: FieldError[] = [];
  if (listType !== undefined && schema.type !== 'array') {
    const detail = 'must be array if x-kubernetes-list-type is specified';
    errors.push({ type: 'Invalid', field: `${path}.type`, value: schema.type ?? '', detail });
  }
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    errors.push(
      listType === undefined
        ? { type: 'Required', field, detail }
        : { type: 'Invalid', field, value: listType, detail },
    );
  }
  if (listType === undefined) return errors;
  if (!['atomic', 'set', 'map'].includes(listType))
    return [...errors, notSupported(field, listType, ['atomic', 'set', 'map'])];
  if (listType === 'map') errors.push(...mapListFaults(schema.items, keys, path));
  if (listType === 'set') errors.push(...setFaults(schema.items ?? {}, `${path}.items`));
  return errors;
}

function setFaults(items: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (items.nullable === true) {
    const detail = 'cannot be nullable when x-kubernetes-list-type is set';
    errors.push({ type: 'Forbidden', field: `${path}.nullable`, detail });
  }
  for (const [type, word] of [
    ['object', 'x-kubernetes-map-type'],
    ['array', 'x-kubernetes-list-type'],
  ] as const) {
    const given = items[word];
    if (items.type !== type || given === 'atomic' || (type === 'array' && given === undefined))
      continue;
    const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    errors.push({ type: 'Invalid', field: `${path}.${word}`, value: given ?? null, detail });
  }
  return errors;
}

function mapListFaults(
  items: Schema | undefined,
  keys: readonly string[],
  path: string,
): FieldError[] {
  const keysField = `${path}.x-kubernetes-list-map-keys`;
  const errors: FieldError[] = [];
  if (keys.length === 0) {
    const detail = 'must not be empty if x-kubernetes-list-type is map';
    errors.push({ type: 'Required', field: keysField, detail });
  }
  if (items === undefined) {
    const detail = 'must have a schema if x-kubernetes-list-type is map';
    return [...errors, { type: 'Required', field: `${path}.items`, detail }];
  }
  if (items.nullable === true) {
    const detail = 'cannot be nullable when x-kubernetes-list-type is map';
    errors.push({ type: 'Forbidden', field: `${path}.items.nullable`, detail });
  }
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    errors.push({ type: 'Invalid', field: `${path}.items.type`, value: items.type ?? '', detail });
    return errors;
  }
  if (keys.some((key) => items.properties?.[key] === undefined)) {
    const detail = 'entries must all be names of item properties';
    errors.push({ type: 'Invalid', field: keysField, value: keys, detail });
  }
  for (const key of keys) errors.push(...keyFaults(items, key, `${path}.items.properties[${key}]`));
  if (new Set(keys).size < keys.length) {
    const detail = 'must not contain duplicate entries';
    errors.push({ type: 'Invalid', field: keysField, value: keys, detail });
  }
  return errors;
}

function keyFaults(items: Schema, key: string, field: string): FieldError[] {
  const property = items.properties?.[key];
  if (property === undefined) return [];
  const errors: FieldError[] = [];
  if (property.type !== undefined && !SCALARS.includes(property.type)) {
    const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
    errors.push({ type: 'Invalid', field: `${field}.type`, value: property.type, detail });
  }
  if (items.required?.includes(key) !== true && property.default === undefined) {
    const detail =
      'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
    errors.push({ type: 'Required', field: `${field}.default`, detail });
  }
  if (property.nullable === true) {
    const detail = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable';
    errors.push({ type: 'Forbidden', field: `${field}.nullable`, detail });
  }
  return errors;
}
