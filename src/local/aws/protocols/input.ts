/**
 * The parameters of a call, whatever protocol brought them: JSON and CBOR bring values, the query protocol brings text.
 *
 * Reading says what is wanted; what is missing or unreadable is refused in the words of the service.
 */
import type { AwsError } from '../service.js';

/** How a service words what is wrong with a parameter. */
export interface InputWording {
  missing(name: string): AwsError;
  /** `why` completes "the value …": `must be a number`. */
  invalid(name: string, why: string): AwsError;
}

export type RawInput = Readonly<Record<string, unknown>>;

export class Input {
  constructor(
    private readonly raw: RawInput,
    private readonly wording: InputWording,
    private readonly path = '',
  ) {}

  has(name: string): boolean {
    return this.raw[name] !== undefined && this.raw[name] !== null;
  }

  /** The names given, so that an operation can refuse those it does not know. */
  names(): string[] {
    return Object.keys(this.raw).filter((name) => this.has(name));
  }

  string(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.invalid(name, 'must be a string');
  }

  requiredString(name: string): string {
    return this.string(name) ?? this.refuseMissing(name);
  }

  /** One of `known`, in their spelling. */
  choice<T extends string>(name: string, known: readonly T[]): T | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const found = known.find((candidate) => candidate === text);
    if (found === undefined) throw this.invalid(name, `must be one of: ${known.join(', ')}`);
    return found;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      throw this.invalid(name, 'must be a number');
    }
    return number;
  }

  integer(name: string): number | undefined {
    const number = this.number(name);
    if (number === undefined || Number.isSafeInteger(number)) return number;
    throw this.invalid(name, 'must be a whole number');
  }

  requiredInteger(name: string): number {
    return this.integer(name) ?? this.refuseMissing(name);
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw this.invalid(name, 'must be true or false');
  }

  /** Milliseconds since the epoch. JSON brings seconds, CBOR a date, the query protocol ISO 8601. */
  timeMs(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (value instanceof Date) return value.getTime();
    if (typeof value === 'number') return Math.round(value * 1000);
    const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(ms)) throw this.invalid(name, 'must be a timestamp');
    return ms;
  }

  requiredTimeMs(name: string): number {
    return this.timeMs(name) ?? this.refuseMissing(name);
  }

  strings(name: string): string[] | undefined {
    return this.list(name)?.map((value) => {
      if (typeof value === 'string') return value;
      throw this.invalid(name, 'must be a list of strings');
    });
  }

  numbers(name: string): number[] | undefined {
    return this.list(name)?.map((value) => {
      const number = typeof value === 'string' ? Number(value) : value;
      if (typeof number === 'number' && Number.isFinite(number)) return number;
      throw this.invalid(name, 'must be a list of numbers');
    });
  }

  structure(name: string): Input | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : this.nested(value, name);
  }

  structures(name: string): Input[] | undefined {
    return this.list(name)?.map((value, i) => this.nested(value, `${name}.${i + 1}`));
  }

  /** String to string. The query protocol brings a map as a list of entries. */
  map(name: string): Record<string, string> | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const entries = Array.isArray(value)
      ? value.map((_, i) => this.nested(value[i], `${name}.${i + 1}`)).map(entryOf)
      : Object.entries(this.asObject(value, name));
    return Object.fromEntries(
      entries.map(([key, entry]) => {
        if (typeof entry !== 'string') throw this.invalid(name, 'must map strings to strings');
        return [key, entry];
      }),
    );
  }

  /** Tags as most services take them: a list of `Key` and `Value`. */
  tags(name = 'Tags'): Record<string, string> {
    const pairs = this.structures(name)?.map((tag) => [
      tag.requiredString('Key'),
      tag.string('Value') ?? '',
    ]);
    const tags = Object.fromEntries(pairs ?? []) as Record<string, string>;
    if (Object.keys(tags).length === (pairs ?? []).length) return tags;
    throw this.invalid(name, 'must not have a key twice');
  }

  /** Throws for a parameter that is none of `known`. */
  allowOnly(known: readonly string[]): void {
    const unknown = this.names().find((name) => !known.includes(name));
    if (unknown !== undefined) throw this.invalid(unknown, 'is not supported here');
  }

  invalid(name: string, why: string): AwsError {
    return this.wording.invalid(this.path + name, why);
  }

  private refuseMissing(name: string): never {
    throw this.wording.missing(this.path + name);
  }

  private value(name: string): unknown {
    return this.raw[name] ?? undefined;
  }

  private list(name: string): unknown[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value as unknown[];
    if (value === '') return []; // how the query protocol writes an empty list
    throw this.invalid(name, 'must be a list');
  }

  private nested(value: unknown, name: string): Input {
    return new Input(this.asObject(value, name), this.wording, `${this.path}${name}.`);
  }

  private asObject(value: unknown, name: string): RawInput {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as RawInput;
    throw this.invalid(name, 'must be a structure');
  }
}

function entryOf(entry: Input): [string, unknown] {
  const isLower = entry.has('key');
  return [
    entry.requiredString(isLower ? 'key' : 'Name'),
    entry.string(isLower ? 'value' : 'Value') ?? '',
  ];
}
