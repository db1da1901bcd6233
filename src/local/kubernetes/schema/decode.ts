/**
 * Decoding: what a client sent as a built-in kind (or as metadata of any kind), brought into the types of its schema.
 *
 * Stands where the real server unmarshals into Go structs, so it behaves as that does: a value of the wrong type is a
 * bad request in the decoder's words, null means absent, empty maps, lists and strings are left out, and unknown
 * fields are dropped and reported.
 */
import { StatusError } from '../http/status-error.js';
import { formatJson, isJsonObject, type JsonObject } from '../json/json.js';
import { canonicalQuantity } from './quantity-text.js';
import {
  fieldPath,
  isIntOrString,
  keepsUnknownFields,
  memberSchema,
  type Schema,
} from './schema.js';
import { base64FaultAt } from './base64.js';
import { conversionFault } from './go-text.js';
import { normalizeTime } from './kubernetes-time.js';

export class DecodeError extends Error {
  constructor(
    message: string,
    /** The same as the real server says it of what a strategic merge patch made, which it never writes as JSON. */
    readonly ofPatched = message,
  ) {
    super(message);
  }
}

/** The bad request of something that is no such kind. */
export class DecodeFailure extends StatusError {
  constructor(
    kind: string,
    version: string,
    readonly fault: DecodeError,
  ) {
    const why = `${kind} in version "${version}" cannot be handled as a ${kind}: ${fault.message}`;
    super(400, 'BadRequest', why);
  }
}

export interface Decoded {
  readonly value: JsonObject;
  readonly unknownFields: readonly string[];
}

/** Throws DecodeError. `kind` is what error messages call the struct. */
export function decode(value: JsonObject, schema: Schema, kind: string, path = ''): Decoded {
  const unknownFields: string[] = [];
  return {
    value: decodeObject(value, schema, { kind, path, inKind: '' }, unknownFields),
    unknownFields,
  };
}

export function decodeFailure(kind: string, version: string, why: string): StatusError {
  return new DecodeFailure(kind, version, new DecodeError(why));
}

interface Place {
  readonly kind: string;
  /** From the root of the object, as unknown fields are named. */
  readonly path: string;
  /** From the struct that error messages name. */
  readonly inKind: string;
}

function decodeValue(value: unknown, schema: Schema, place: Place, unknown: string[]): unknown {
  if (schema.goType === 'Quantity') return decodeQuantity(value);
  if (isIntOrString(schema)) {
    if (typeof value === 'string' || Number.isInteger(value)) return value;
    throw mismatch(value, 'intstr.IntOrString', place);
  }
  switch (schema.type) {
    case 'object':
      if (!isJsonObject(value)) {
        const goType = place.path === 'metadata' ? 'v1.ObjectMeta' : goTypeOf(schema);
        throw mismatch(value, goType, place);
      }
      return decodeObject(value, schema, place, unknown);
    case 'array':
      if (!Array.isArray(value)) throw mismatch(value, goTypeOf(schema), place);
      return value.map((item: unknown, index) =>
        decodeValue(
          item ?? emptyOf(schema.items),
          schema.items ?? {},
          { ...place, path: `${place.path}[${index}]` },
          unknown,
        ),
      );
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, goTypeOf(schema), place);
      return decodeText(value, schema);
    case 'integer':
      if (isIntegerOf(value, schema)) return value;
      throw mismatch(value, schema.format ?? 'int64', place, numeral(value));
    case 'number':
      if (typeof value === 'number') return value;
      throw mismatch(value, 'float64', place);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw mismatch(value, 'bool', place);
    default:
      return value;
  }
}

function decodeObject(
  object: JsonObject,
  schema: Schema,
  place: Place,
  unknown: string[],
): JsonObject {
  const decoded: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    const member = memberSchema(schema, key);
    const path = fieldPath(place.path, key);
    if (member === undefined) {
      if (keepsUnknownFields(schema)) decoded[key] = value;
      else unknown.push(path);
      continue;
    }
    const isField = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    if (value === null || value === undefined) {
      // A null in a map is the zero of its type there, a null field is an absent one.
      if (!isField && member.goType === 'Quantity') decoded[key] = '0';
      else if (!isField && member.type === 'string') decoded[key] = '';
      continue;
    }
    const inKind = isField ? fieldPath(place.inKind, key) : place.inKind;
    // Every struct has its metadata from an embedded one, after which what is inside is named.
    const kind =
      isField && place.inKind === 'metadata' && place.path === 'metadata'
        ? 'ObjectMeta'
        : (schema.goType ?? place.kind);
    const result = decodeValue(value, member, { kind, path, inKind }, unknown);
    const isOptional =
      isField && !keepsUnknownFields(member) && schema.required?.includes(key) !== true;
    const isKept = !isOptional || !isZero(result) || isWhole(member, result);
    if (isKept) decoded[key] = result;
  }
  return withZeros(decoded, schema);
}

/** The struct with the members that are there even where nothing was said of them. */
function withZeros(object: JsonObject, { properties = {} }: Schema): JsonObject {
  for (const [key, property] of Object.entries(properties)) {
    if (Object.hasOwn(object, key)) continue;
    if (property.isAlwaysShown === true) object[key] = zeroValueOf(property);
    else if (isStruct(property)) object[key] = withZeros({}, property);
  }
  return object;
}

function isStruct({ goType, type, isPointer }: Schema): boolean {
  return type === 'object' && goType !== undefined && isPointer !== true;
}

/** How Go shows what nothing was said of. */
export function zeroValueOf({ type, format }: Schema): unknown {
  return type === 'string' && format === undefined ? '' : null;
}

/** What is kept though it is zero. A part that is owned as a whole is: an empty selector selects everything. */
function isWhole(schema: Schema, value: unknown): boolean {
  if (schema.isPointer === true || schema.isAlwaysShown === true || isStruct(schema)) return true;
  const isAtomic = schema['x-kubernetes-map-type'] === 'atomic';
  return isAtomic && schema.properties !== undefined && isJsonObject(value);
}

function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function emptyOf(schema: Schema | undefined): unknown {
  return schema?.type === 'object' ? {} : '';
}

function decodeText(value: string, { format, goType }: Schema): string {
  if (format === 'date-time') {
    try {
      return normalizeTime(value, goType === 'MicroTime' ? goType : 'Time');
    } catch (error) {
      throw new DecodeError(error instanceof Error ? error.message : String(error));
    }
  }
  if (format !== 'byte') return value;
  const at = base64FaultAt(value);
  if (at !== undefined) {
    const why = `illegal base64 data at input byte ${at}`;
    throw new DecodeError(why, `error decoding from json: ${why}`);
  }
  return Buffer.from(value, 'base64').toString('base64');
}

/** A number or a text; whatever else is read as text, and is none. */
function decodeQuantity(value: unknown): string {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  try {
    return canonicalQuantity(isNumber || typeof value === 'string' ? value : formatJson(value));
  } catch (error) {
    throw new DecodeError(error instanceof Error ? error.message : String(error));
  }
}

function isIntegerOf(value: unknown, { format }: Schema): boolean {
  if (format !== 'int32') return typeof value === 'bigint' || Number.isInteger(value);
  return Number.isInteger(value) && Math.trunc(Number(value)) === (Number(value) | 0);
}

function numeral(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? ` ${formatJson(value)}` : '';
}

function mismatch(
  value: unknown,
  goType: string,
  { kind, inKind }: Place,
  shown = '',
): DecodeError {
  return new DecodeError(
    `json: cannot unmarshal ${jsonTypeOf(value)}${shown} into Go struct field ${kind}.${inKind} of type ${goType}`,
    conversionFault(value, goType),
  );
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'number';
  return value === null ? 'null' : typeof value;
}

function goTypeOf(schema: Schema | undefined): string {
  switch (schema?.type) {
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? `map[string]${goTypeOf(schema.additionalProperties)}`
        : schema.goType === undefined
          ? 'struct'
          : `v1.${schema.goType}`;
    case 'array':
      return `[]${goTypeOf(schema.items)}`;
    case 'integer':
      return schema.format ?? 'int64';
    case 'boolean':
      return 'bool';
    default:
      return schema?.format === 'byte' ? '[]uint8' : 'string';
  }
}
