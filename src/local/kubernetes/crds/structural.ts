/** Whether a schema is structural: every value has one type, told outside of allOf, anyOf, oneOf and not; defaults fit. */
import { notSupported, type FieldError } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { compilePattern } from '../schema/pattern.js';
import { prune } from '../schema/pruning.js';
import { isIntOrString, keepsUnknownFields, type Schema } from '../schema/schema.js';
import { validate } from '../schema/validation.js';
import { mergeTypeFaults } from './list-types.js';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
/** Words of JSON Schema that no CustomResourceDefinition may use. */
const UNSUPPORTED = [
  'id',
  '$ref',
  'patternProperties',
  'dependencies',
  'additionalItems',
  'definitions',
] as const;
/** What a value's structure is said with; a logical part may not say it, in these words. */
const STRUCTURE = {
  type: 'must be empty to be structural',
  additionalProperties: 'must be undefined to be structural',
  default: 'must be undefined to be structural',
  description: 'must be empty to be structural',
  nullable: 'must be false to be structural',
  title: 'must be empty to be structural',
  'x-kubernetes-preserve-unknown-fields': 'must be false to be structural',
  'x-kubernetes-embedded-resource': 'must be false to be structural',
  'x-kubernetes-int-or-string': 'must be false to be structural',
  'x-kubernetes-list-map-keys': 'must be empty to be structural',
  'x-kubernetes-list-type': 'must be undefined to be structural',
  'x-kubernetes-map-type': 'must be undefined to be structural',
  'x-kubernetes-validations': 'must be empty to be structural',
} as const;

export function structuralFaults(schema: Schema, path: string): FieldError[] {
  const unsupported = unsupportedFaults(schema, path);
  if (unsupported.length > 0) return unsupported;
  if (saysDialect(schema)) {
    const detail = "OpenAPIV3Schema 'schema' is not supported";
    return [{ type: 'Invalid', field: path, value: '', detail }];
  }
  return [...rootFaults(schema, path), ...nodeFaults(schema, path, true)];
}

/** Whether a schema, anywhere, says in `$schema` in which language it is. */
function saysDialect(schema: Schema): boolean {
  const { properties = {}, items, additionalProperties } = schema;
  const below = [...Object.values(properties), items, additionalProperties];
  return '$schema' in schema || below.some((one) => typeof one === 'object' && saysDialect(one));
}

function unsupportedFaults(schema: Schema, path: string): FieldError[] {
  if (Array.isArray(schema.items)) {
    const detail = 'items must be a schema object and not an array';
    return [{ type: 'Forbidden', field: `${path}.items`, detail }];
  }
  const own = UNSUPPORTED.filter((word) => (schema as Record<string, unknown>)[word] !== undefined);
  const below = [
    ...Object.entries(schema.properties ?? {}).map(
      ([key, one]) => [one, `${path}.properties[${key}]`] as const,
    ),
    ...(schema.items === undefined ? [] : [[schema.items, `${path}.items`] as const]),
    ...(typeof schema.additionalProperties === 'object'
      ? [[schema.additionalProperties, `${path}.additionalProperties`] as const]
      : []),
  ];
  return [
    ...own.map((word): FieldError => {
      return { type: 'Forbidden', field: `${path}.${word}`, detail: `${word} is not supported` };
    }),
    ...below.flatMap(([one, at]) => unsupportedFaults(one, at)),
  ];
}

function rootFaults(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type !== undefined && schema.type !== 'object') {
    const detail = 'must be object at the root';
    errors.push({ type: 'Invalid', field: `${path}.type`, value: schema.type, detail });
  }
  if (schema.nullable === true) {
    const detail = 'nullable cannot be true at the root';
    errors.push({ type: 'Forbidden', field: `${path}.nullable`, detail });
  }
  if (schema.additionalProperties !== undefined) {
    const detail = 'must not be used at the root';
    errors.push({ type: 'Forbidden', field: `${path}.additionalProperties`, detail });
  }
  return [...errors, ...identityFaults(schema, path), ...metadataFaults(schema, path)];
}

/** What every object has in one form: apiVersion, kind and metadata. */
function identityFaults({ properties = {} }: Schema, path: string): FieldError[] {
  const wanted = { apiVersion: 'string', kind: 'string', metadata: 'object' } as const;
  const errors = Object.entries(wanted).flatMap(([key, type]): FieldError[] => {
    const given = properties[key]?.type;
    if (given === undefined || given === type) return [];
    const field = `${path}.properties[${key}].type`;
    return [{ type: 'Invalid', field, value: given, detail: `must be ${type}` }];
  });
  return errors;
}

/** Of the metadata of the object itself, a schema speaks of the name alone. */
function metadataFaults({ properties = {} }: Schema, path: string): FieldError[] {
  const { metadata } = properties;
  if (metadata?.type !== 'object') return [];
  const { type: _type, properties: members = {}, ...more } = metadata;
  const others = Object.keys(members).filter((key) => !['name', 'generateName'].includes(key));
  if (others.length === 0 && Object.keys(more).length === 0) return [];
  const detail =
    'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return [{ type: 'Forbidden', field: `${path}.properties[metadata]`, detail }];
}

function nodeFaults(schema: Schema, path: string, isRoot = false): FieldError[] {
  return [
    ...typeFaults(schema, path, isRoot),
    ...shapeFaults(schema, path),
    ...embeddedFaults(schema, path),
    ...mergeTypeFaults(schema, path),
    ...patternFaults(schema, path),
    ...logicFaults(schema, path, isRoot),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
      isRoot && ['metadata', 'apiVersion', 'kind'].includes(key)
        ? []
        : nodeFaults(property, `${path}.properties[${key}]`),
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
  if (type !== undefined && type !== '')
    return TYPES.includes(type) ? [] : [notSupported(`${path}.type`, type, TYPES)];
  if (isIntOrString(schema) || keepsUnknownFields(schema)) return [];
  const detail = isRoot
    ? 'must not be empty at the root'
    : 'must not be empty for specified object fields';
  return [{ type: 'Required', field: `${path}.type`, detail }];
}

function shapeFaults(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { properties, additionalProperties } = schema;
  if (Object.keys(properties ?? {}).length > 0 && typeof additionalProperties === 'object') {
    const detail = 'additionalProperties and properties are mutual exclusive';
    errors.push({ type: 'Forbidden', field: `${path}.additionalProperties`, detail });
  }
  if (schema.uniqueItems === true) {
    const detail =
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push({ type: 'Forbidden', field: `${path}.uniqueItems`, detail });
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const field = `${path}.x-kubernetes-preserve-unknown-fields`;
    errors.push({ type: 'Invalid', field, value: false, detail: 'must be true or undefined' });
  }
  if (schema.type === 'array' && schema.items === undefined)
    errors.push({ type: 'Required', field: `${path}.items`, detail: 'must be specified' });
  return errors;
}

function embeddedFaults(schema: Schema, path: string): FieldError[] {
  if (schema['x-kubernetes-embedded-resource'] !== true) return [];
  const errors: FieldError[] = [];
  if (!keepsUnknownFields(schema) && schema.properties === undefined) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push({ type: 'Required', field: `${path}.properties`, detail });
  }
  if (schema.type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push({ type: 'Invalid', field: `${path}.type`, value: schema.type ?? '', detail });
  }
  return [...errors, ...identityFaults(schema, path)];
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

/** Only at the root the real server asks whether what a logical part speaks of is declared beside it. */
function logicFaults(schema: Schema, path: string, isRoot: boolean): FieldError[] {
  const parts = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((word) =>
    (schema[word] ?? []).map((part, index): [Schema, string] => [
      part,
      `${path}.${word}[${index}]`,
    ]),
  );
  if (schema.not !== undefined) parts.push([schema.not, `${path}.not`]);
  return parts.flatMap(([part, at]) =>
    isIntOrString(schema) && saysIntOrString(schema, part)
      ? []
      : logicalPartFaults(part, at, isRoot ? schema : undefined),
  );
}

/** The one way in which the logic of an int-or-string may speak of types: integer first, then string. */
function saysIntOrString({ anyOf, allOf }: Schema, part: Schema): boolean {
  const isPair = (parts: readonly Schema[] | undefined) =>
    parts?.length === 2 && isEqual(parts, [{ type: 'integer' }, { type: 'string' }]);
  return (
    (isPair(anyOf) && anyOf?.includes(part) === true) || (allOf?.[0] === part && isPair(part.anyOf))
  );
}

function logicalPartFaults(
  part: Schema,
  path: string,
  structure: Schema | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [word, detail] of Object.entries(STRUCTURE)) {
    const value = part[word as keyof typeof STRUCTURE];
    if (value === undefined || value === '') continue;
    errors.push({ type: 'Forbidden', field: `${path}.${word}`, detail });
  }
  for (const [key, property] of Object.entries(part.properties ?? {})) {
    const known = structure?.properties?.[key];
    if (
      known === undefined &&
      structure?.properties !== undefined &&
      !keepsUnknownFields(structure)
    ) {
      const at = path.replace(/\.(allOf|anyOf|oneOf)\[\d+\].*$|\.not.*$/, '');
      const detail = `because it is defined in ${path}.properties[${key}]`;
      errors.push({ type: 'Required', field: `${at}.properties[${key}]`, detail });
    }
    errors.push(...logicalPartFaults(property, `${path}.properties[${key}]`, known));
  }
  if (part.items !== undefined)
    errors.push(...logicalPartFaults(part.items, `${path}.items`, structure?.items));
  return errors;
}

function defaultFaults(schema: Schema, path: string): FieldError[] {
  if (schema.default === undefined || schema.default === null) return [];
  const field = `${path}.default`;
  const pruned: string[] = [];
  if (!isEqual(prune(schema.default, schema, '', pruned), schema.default)) {
    const detail = 'must not have unknown fields';
    return [{ type: 'Invalid', field, value: schema.default, detail }];
  }
  // Seen for itself: what is said of it does not name the place of the default.
  return validate(schema.default, schema, '').map((fault) => ({
    ...fault,
    field: fault.field === undefined || fault.field === '' ? field : `${field}.${fault.field}`,
  }));
}
