/**
 * Sizes: how large a value of a schema can be, as the real server reckons before it lets a rule in.
 *
 * What the schema does not bound is bounded by the size of a request: so many of the smallest items fit into one.
 */
import { isIntOrString, type Schema } from '../schema/schema.js';
import { escapeName } from './types.js';

const MAX_REQUEST_BYTES = 3 * 1024 * 1024;
/** A character can take as many bytes. */
const MAX_CHARACTER_BYTES = 4;
/** The longest and the shortest texts of formats that have a bound. */
const FORMAT_SIZES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  date: [10, 10],
  'date-time': [20, 35],
  duration: [2, 32],
};

/** What the path leads to: names of properties as expressions write them, `@items`, `@values`, `@keys`. */
export function maxSizeAt(root: Schema, path: readonly string[]): number | undefined {
  let schema = root;
  for (const step of path.slice(1)) {
    // Of the keys of a map nothing is known, and the real server then takes them for empty texts.
    if (step === '@keys') return typeof schema.additionalProperties === 'object' ? 0 : undefined;
    const below: Schema | undefined =
      step === '@items' || step === '@values' ? elementOf(schema) : propertyOf(schema, step);
    if (below === undefined) return undefined;
    schema = below;
  }
  return maxSizeOf(schema);
}

function elementOf(schema: Schema): Schema | undefined {
  if (schema.type === 'array') return schema.items;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function propertyOf({ properties = {} }: Schema, name: string): Schema | undefined {
  const found = Object.entries(properties).find(([key]) => escapeName(key) === name);
  return found?.[1];
}

/** The most characters, items or members that a value can have; 0 for what has no size. */
export function maxSizeOf(schema: Schema): number {
  if (isIntOrString(schema))
    return schema.maxLength === undefined
      ? MAX_REQUEST_BYTES - 2
      : schema.maxLength * MAX_CHARACTER_BYTES;
  switch (schema.type) {
    case 'string':
      return maxLengthOf(schema);
    case 'array':
      return (
        schema.maxItems ?? Math.floor((MAX_REQUEST_BYTES - 2) / (minBytesOf(schema.items) + 1))
      );
    case 'object':
      if (typeof schema.additionalProperties !== 'object') return 0;
      return (
        schema.maxProperties ??
        Math.floor((MAX_REQUEST_BYTES - 2) / (minBytesOf(schema.additionalProperties) + 6))
      );
    default:
      return 0;
  }
}

/** How often a value of this schema can occur in one request. */
export function maxOccurrencesOf(schema: Schema): number {
  return Math.floor(MAX_REQUEST_BYTES / minBytesOf(schema)) + 1;
}

function maxLengthOf({ maxLength, format, enum: allowed }: Schema): number {
  const [, most] = FORMAT_SIZES[format ?? ''] ?? [];
  if (most !== undefined) return most;
  if (maxLength !== undefined)
    return format === 'byte' ? maxLength : maxLength * MAX_CHARACTER_BYTES;
  if (allowed !== undefined) return Math.max(...allowed.map((one) => String(one).length));
  return MAX_REQUEST_BYTES - 2;
}

/** The fewest bytes of JSON that a value takes. */
function minBytesOf(schema: Schema | undefined): number {
  switch (schema?.type) {
    case 'boolean':
      return 4;
    case 'string':
      return 2 + (FORMAT_SIZES[schema.format ?? '']?.[0] ?? 0);
    case 'array':
      return 2;
    case 'object':
      return 2 + requiredBytesOf(schema);
    default:
      return 1;
  }
}

function requiredBytesOf({ properties = {}, required = [] }: Schema): number {
  return required
    .map((key) => [key, properties[key]] as const)
    .filter(([, property]) => property !== undefined && property.default === undefined)
    .reduce((sum, [key, property]) => sum + key.length + minBytesOf(property) + 4, 0);
}
