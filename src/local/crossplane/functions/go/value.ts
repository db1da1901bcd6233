/**
 * Go's view of JSON, which composition functions written in Go let show through.
 *
 * A Go program that got a number from a protobuf Struct holds a float64; one that decoded the same number with Kubernetes'
 * JSON decoder holds an int64 if it is whole. Format verbs, conversions and arithmetic tell the two apart, so we must:
 * here a `number` is a float64 and a `bigint` is an int64.
 */
export type GoValue = null | boolean | string | number | bigint | readonly GoValue[] | GoMap;
export interface GoMap {
  readonly [key: string]: GoValue;
}

/** A JSON document or part of one, as parsed: every number a `number`. */
export type Json = null | boolean | string | number | Json[] | JsonMap;
export interface JsonMap {
  [key: string]: Json;
}

export const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `%T` prints. */
export function goType(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int64';
    default:
      if (value === null) return '<nil>';
      return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
  }
}

const isInt64 = (n: number): boolean =>
  Number.isInteger(n) && n >= -9223372036854775808 && n < 9223372036854775808;

/** The value as Kubernetes' JSON decoder gives it: whole numbers are int64. */
export function withIntegers(value: Json): GoValue {
  if (typeof value === 'number') return isInt64(value) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withIntegers);
  const out: Record<string, GoValue> = {};
  for (const key of Object.keys(value)) setField(out, key, withIntegers(value[key] ?? null));
  return out;
}

/** A fresh JSON copy, as encoding and decoding it again would give. Throws on what JSON cannot say (NaN, infinities). */
export function toJson(value: GoValue): Json {
  switch (typeof value) {
    case 'bigint':
      return Number(value);
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`json: unsupported value: ${String(value)}`);
      return value === 0 ? 0 : value;
    case 'object': {
      if (value === null) return null;
      if (isList(value)) return value.map(toJson);
      const out: JsonMap = {};
      for (const key of Object.keys(value)) setField(out, key, toJson(value[key] ?? null));
      return out;
    }
    default:
      return value;
  }
}

export const isList = (value: GoValue): value is readonly GoValue[] => Array.isArray(value);

/** Assigns a field whose name is data: `__proto__` is a field like any other. */
export function setField<T>(object: Record<string, T>, field: string, value: T): void {
  if (field === '__proto__') {
    Object.defineProperty(object, field, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    object[field] = value;
  }
}

/** The keys in the order in which Go sorts strings: by their UTF-8 bytes. */
export function sortedKeys(map: GoMap | JsonMap): string[] {
  return Object.keys(map).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
