/**
 * Sizes: how large a value of a schema can be, as the real server reckons before it lets a rule in.
 *
 * What the schema does not bound is bounded by the size of a request: so many of the smallest items fit into one.
 */
import { isIntOrString, type Schema } from '../schema/schema.js';

const MAX_REQUEST_BYTES = 3 * 1024 * 1024;
/** A character can take as many bytes. */
const MAX_CHARACTER_BYTES = 4;
/** The longest and the shortest texts of formats that have a bound. */
const FORMAT_SIZES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  date: [10, 10],
  'date-time': [20, 35],
  datetime: [20, 35],
  duration: [2, 32],
};

/** The most characters, items or members that a value can have; 1 for what has no size. */
export function maxSizeOf(schema: Schema): number {
  if (isIntOrString(schema)) return MAX_REQUEST_BYTES - 2;
  switch (schema.type) {
    case 'string':
      return maxLengthOf(schema);
    case 'array':
      return (
        schema.maxItems ?? Math.floor((MAX_REQUEST_BYTES - 2) / (minBytesOf(schema.items) + 1))
      );
    case 'object':
      if (typeof schema.additionalProperties !== 'object') return 1;
      return (
        schema.maxProperties ??
        Math.floor((MAX_REQUEST_BYTES - 2) / (minBytesOf(schema.additionalProperties) + 6))
      );
    default:
      return 1;
  }
}

/** How often a value of this schema can occur in one request. */
export function maxOccurrencesOf(schema: Schema): number {
  return Math.floor(MAX_REQUEST_BYTES / minBytesOf(schema)) + 1;
}

function maxLengthOf({ maxLength, format, enum: allowed }: Schema): number {
  const [, most] = FORMAT_SIZES[format ?? ''] ?? [];
  if (most !== undefined) return most;
  if (maxLength !== undefined) return maxLength * MAX_CHARACTER_BYTES;
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
