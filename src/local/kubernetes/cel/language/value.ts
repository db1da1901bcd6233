/**
 * Values: int is `bigint`, double `number`, uint `Unsigned`; lists are arrays, maps are `Map`s, objects with a schema are
 * `ObjectValue`s. Functions of the libraries bring values of their own, which say what they are by `ForeignValue`.
 */
import { Unsigned } from './expression.js';
import { describeType, type Type } from './type.js';

/** What an evaluation came to instead of a value, in the words of the real server. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

export class Timestamp {
  /** Nanoseconds since 1970. */
  constructor(readonly nanoseconds: bigint) {}
}

export class Duration {
  constructor(readonly nanoseconds: bigint) {}
}

export class OptionalValue {
  constructor(readonly value?: unknown) {}

  get isPresent(): boolean {
    return this.value !== undefined;
  }
}

/** A type as a value: what `type(x)` gives. */
export class TypeValue {
  constructor(readonly type: string) {}
}

/** An object of a schema: by the names that expressions use. */
export class ObjectValue {
  constructor(
    readonly type: Type,
    readonly fields: ReadonlyMap<string, unknown>,
    /** With the fields that the schema does not know. */
    readonly size: number,
  ) {}
}

/** A list whose items are told apart by a key: a set, or a list that is a map. Their order means nothing. */
export class KeyedList extends Array<unknown> {
  keyOf: (item: unknown) => unknown = (item) => item;

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static keyed(items: readonly unknown[], keyOf: (item: unknown) => unknown): KeyedList {
    const list = new KeyedList();
    list.keyOf = keyOf;
    for (const item of items) list.push(item);
    return list;
  }

  /** Those of the other replace those with the same key. */
  merged(others: readonly unknown[]): KeyedList {
    const items = [...this];
    for (const other of others) {
      const at = items.findIndex((item) => isSame(this.keyOf(item), this.keyOf(other)));
      if (at === -1) items.push(other);
      else items[at] = other;
    }
    return KeyedList.keyed(items, this.keyOf);
  }
}

/** A value of a library: an address, a quantity. */
export interface ForeignValue {
  readonly foreignType: string;
  equals(other: unknown): boolean;
}

export function isForeign(value: unknown): value is ForeignValue {
  return typeof value === 'object' && value !== null && 'foreignType' in value;
}

/** The name of the type that the value has as it is. */
export function nameOfType(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
      return nameOfObject(value);
  }
}

function nameOfObject(value: unknown): string {
  if (value === null) return 'null_type';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map || value instanceof ObjectValue) return 'map';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Unsigned) return 'uint';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof OptionalValue) return 'optional_type';
  if (value instanceof TypeValue) return 'type';
  return isForeign(value) ? value.foreignType : 'unknown';
}

/** Whether the value may be passed where the type is wanted; what is in lists and maps is not looked at. */
export function fits(value: unknown, type: Type): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'parameter':
    case 'error':
      return true;
    case 'null':
      return value === null;
    case 'struct':
      return value instanceof ObjectValue || value instanceof Map;
    case 'list':
    case 'map':
    case 'opaque':
    case 'type':
      return nameOfType(value) === type.name;
    default:
      return nameOfType(value) === describeType(type);
  }
}

function isNumber(value: unknown): value is number | bigint | Unsigned {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Unsigned;
}

function numberOf(value: number | bigint | Unsigned): number | bigint {
  return value instanceof Unsigned ? value.value : value;
}

/** Equality: numbers by what they are, whatever their types; else only within a type. */
export function isSame(a: unknown, b: unknown): boolean {
  if (isNumber(a)) return isNumber(b) && numberOf(a) == numberOf(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b);
  if (a instanceof Map) return isSameMap(a, membersOf(b));
  if (a instanceof ObjectValue) return isSameMap(a.fields, membersOf(b));
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanoseconds === b.nanoseconds;
  if (a instanceof Duration) return b instanceof Duration && a.nanoseconds === b.nanoseconds;
  if (a instanceof TypeValue) return b instanceof TypeValue && a.type === b.type;
  if (a instanceof OptionalValue)
    return b instanceof OptionalValue && a.isPresent === b.isPresent && isSame(a.value, b.value);
  return isForeign(a) && isForeign(b) && a.foreignType === b.foreignType && a.equals(b);
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  if (a instanceof KeyedList) {
    return b.every((item) => {
      const mine = a.find((one) => isSame(a.keyOf(one), a.keyOf(item)));
      return mine !== undefined && isSame(mine, item);
    });
  }
  return a.every((item, index) => isSame(item, b[index]));
}

function isSameMap(
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown> | undefined,
): boolean {
  if (a.size !== b?.size) return false;
  return [...a].every(([key, value]) => b.has(key) && isSame(value, b.get(key)));
}

/** Undefined for what has none. */
export function membersOf(value: unknown): ReadonlyMap<unknown, unknown> | undefined {
  if (value instanceof Map) return value as ReadonlyMap<unknown, unknown>;
  return value instanceof ObjectValue ? value.fields : undefined;
}

/** A key as maps hold it: numbers that are whole are ints, whatever they were written as. */
export function keyOf(value: unknown): unknown {
  if (value instanceof Unsigned) return value.value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** Negative, 0 or positive; undefined for what is in no order, as NaN. */
export function compare(a: unknown, b: unknown): number | undefined {
  if (isNumber(a) && isNumber(b)) return order(numberOf(a), numberOf(b));
  if (typeof a === 'string' && typeof b === 'string')
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanoseconds, b.nanoseconds);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanoseconds, b.nanoseconds);
  throw new EvaluationError('no such overload');
}

function order(a: number | bigint, b: number | bigint): number | undefined {
  if (a < b) return -1;
  if (a > b) return 1;
  return a == b ? 0 : undefined;
}

/** Characters, bytes, items or members; 1 for what has no size. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return lengthOf(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Map || value instanceof ObjectValue) return value.size;
  if (value instanceof OptionalValue && value.isPresent) return sizeOf(value.value);
  return 1;
}

/** In characters of Unicode. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code < 0xdc00) length -= 1;
  }
  return length;
}
