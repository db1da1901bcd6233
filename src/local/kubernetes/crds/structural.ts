/** Whether a schema is structural: every value has one type, told outside of allOf, anyOf, oneOf and not; defaults fit. */
import type { FieldError } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { compilePattern } from '../schema/pattern.js';
import { prune } from '../schema/pruning.js';
import { isIntOrString, keepsUnknownFields, type Schema } from '../schema/schema.js';
import { validate } from '../schema/validation.js';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
/** What a value's structure is said with, and a logical part may therefore not say. */
const STRUCTURE = ['type', 'additionalProperties', 'default', 'description', 'nullable', 'title'] as const;

export function structuralFaults(schema: Schema, path: string): FieldError[] {
  const rootFaults: FieldError[] =
    schema.type === undefined || schema.type === 'object'
      ? []
      : [{ type: 'Invalid', field: `${path}.type`, value: schema.type, detail: 'must be object at the root' }];
  return [...rootFaults, ...nodeFaults(schema, path, true)];
}

function nodeFaults(schema: Schema, path: string, isRoot = false): FieldError[] {
  return [
    ...typeFaults(schema, path, isRoot),
    ...shapeFaults(schema, path),
    ...listFaults(schema, path),
    ...patternFaults(schema, path),
    ...logicFaults(schema, path),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
      isRoot && ['metadata', 'apiVersion', 'kind'].includes(key) ? [] : nodeFaults(property, `${path}.properties[${key}]`),
    ),
    ...(typeof schema.additionalProperties === 'object'
      ? nodeFaults(schema.additionalProperties, `${path}.additionalProperties`)
      : []),
    ...(schema.items === undefined ? [] : nodeFaults(schema.items, `${path}.items`)),
    ...defaultFaults(schema, path),
  ];
}

function typeFaults(schema: Schema, path: string, isRoot: boolean): FieldError[] {
  const { type } = schema;
  if (type !== undefined && type !== '') {
    if (TYPES.includes(type)) return [];
    const supported = TYPES.map((one) => `"${one}"`).join(', ');
    return [{ type: 'NotSupported', field: `${path}.type`, value: type, detail: `supported values: ${supported}` }];
  }
  if (isIntOrString(schema) || (keepsUnknownFields(schema) && !isRoot)) return [];
  const detail = isRoot ? 'must not be empty at the root' : 'must not be empty for specified object fields';
  return [{ type: 'Required', field: `${path}.type`, detail }];
}

function shapeFaults(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && additionalProperties !== undefined && additionalProperties !== false) {
    const detail = 'additionalProperties and properties are mutual exclusive';
    errors.push({ type: 'Forbidden', field: `${path}.additionalProperties`, detail });
  } else if (additionalProperties === false) {
    errors.push({ type: 'Forbidden', field: `${path}.additionalProperties`, detail: 'additionalProperties cannot be set to false' });
  }
  if (schema.uniqueItems === true) {
    errors.push({ type: 'Forbidden', field: `${path}.uniqueItems`, detail: 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic' });
  }
  if (schema.type === 'array' && schema.items === undefined) {
    errors.push({ type: 'Required', field: `${path}.items`, detail: 'must be specified' });
  }
  if (schema['x-kubernetes-embedded-resource'] === true && !keepsUnknownFields(schema) && properties === undefined) {
    const detail = 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push({ type: 'Required', field: `${path}.properties`, detail });
  }
  return errors;
}

function listFaults(schema: Schema, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  if (listType === undefined) {
    if (keys === undefined) return [];
    return [{ type: 'Invalid', field: `${path}.x-kubernetes-list-type`, value: undefined, detail: "must be map if x-kubernetes-list-map-keys is non-empty" }];
  }
  if (!['atomic', 'set', 'map'].includes(listType)) {
    return [{ type: 'NotSupported', field: `${path}.x-kubernetes-list-type`, value: listType, detail: 'supported values: "atomic", "map", "set"' }];
  }
  if (listType !== 'map') return [];
  if (keys === undefined || keys.length === 0) {
    return [{ type: 'Required', field: `${path}.x-kubernetes-list-map-keys`, detail: 'must not be empty if x-kubernetes-list-type is map' }];
  }
  return keys.flatMap((key, index): FieldError[] => {
    const field = `${path}.x-kubernetes-list-map-keys[${index}]`;
    const property = schema.items?.properties?.[key];
    if (property === undefined) {
      return [{ type: 'Invalid', field, value: key, detail: "entries must all be names of item properties" }];
    }
    if (schema.items?.required?.includes(key) === true || property.default !== undefined) return [];
    const detail = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
    return [{ type: 'Required', field: `${path}.items.properties[${key}].default`, detail }];
  });
}

function patternFaults({ pattern }: Schema, path: string): FieldError[] {
  if (pattern === undefined) return [];
  try {
    compilePattern(pattern);
    return [];
  } catch (error) {
    const detail = `must be a valid regular expression, but isn't: ${error instanceof Error ? error.message : String(error)}`;
    return [{ type: 'Invalid', field: `${path}.pattern`, value: pattern, detail }];
  }
}

function logicFaults(schema: Schema, path: string): FieldError[] {
  if (isIntOrString(schema)) return [];
  const parts = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((word) =>
    (schema[word] ?? []).map((part, index): [Schema, string] => [part, `${path}.${word}[${index}]`]),
  );
  if (schema.not !== undefined) parts.push([schema.not, `${path}.not`]);
  return parts.flatMap(([part, at]) => logicalPartFaults(part, at, schema));
}

function logicalPartFaults(part: Schema, path: string, structure: Schema | undefined): FieldError[] {
  const errors: FieldError[] = [];
  for (const word of STRUCTURE) {
    if (part[word] === undefined || part[word] === '') continue;
    const detail = 'must be empty to be structural';
    errors.push({ type: 'Forbidden', field: `${path}.${word}`, detail });
  }
  for (const [key, property] of Object.entries(part.properties ?? {})) {
    const known = structure?.properties?.[key];
    if (known === undefined && structure !== undefined && !keepsUnknownFields(structure)) {
      const at = path.replace(/\.(allOf|anyOf|oneOf)\[\d+\].*$|\.not.*$/, '');
      errors.push({ type: 'Required', field: `${at}.properties[${key}]`, detail: `because it is defined in ${path}.properties[${key}]` });
    }
    errors.push(...logicalPartFaults(property, `${path}.properties[${key}]`, known));
  }
  return errors;
}

function defaultFaults(schema: Schema, path: string): FieldError[] {
  if (schema.default === undefined) return [];
  const field = `${path}.default`;
  const pruned: string[] = [];
  if (!isEqual(prune(schema.default, schema, '', pruned), schema.default)) {
    return [{ type: 'Invalid', field, value: schema.default, detail: 'must not have unknown fields' }];
  }
  return validate(schema.default, schema, field);
}
