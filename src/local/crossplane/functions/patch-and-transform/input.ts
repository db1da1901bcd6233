/**
 * What a Composition gives the function: patch sets, environment patches and resource templates, as
 * `pt.fn.crossplane.io/v1beta1` `Resources` writes them.
 *
 * `decodeInput` checks only that each field has its type, as decoding into the real function's structs does; `validate.ts`
 * checks what the fields say. Unknown fields are ignored there and so here. Null is the same as absent.
 */
import { type Json, isMap } from '../go/value.js';

export interface Input {
  readonly patchSets: readonly PatchSet[];
  readonly environment?: { readonly patches: readonly Patch[] };
  readonly resources: readonly Template[];
  /** Decoded only to be refused: see `validate.ts`. */
  readonly writeConnectionSecretToRef?: Json;
}

export interface PatchSet {
  readonly name: string;
  readonly patches: readonly Patch[];
}

export interface Template {
  readonly name: string;
  readonly base?: Json;
  readonly patches: readonly Patch[];
  readonly connectionDetails: readonly ConnectionDetail[];
  readonly readinessChecks: readonly ReadinessCheck[];
}

export interface Patch {
  readonly type: string;
  readonly fromFieldPath?: string;
  readonly toFieldPath?: string;
  readonly combine?: Combine;
  readonly patchSetName?: string;
  readonly transforms: readonly Transform[];
  readonly policy?: { readonly fromFieldPath?: string; readonly toFieldPath?: string };
}

export interface Combine {
  readonly strategy: string;
  readonly variables: readonly { readonly fromFieldPath: string }[];
  readonly string?: { readonly fmt: string };
}

export interface Transform {
  readonly type: string;
  readonly math?: MathTransform;
  readonly map?: Readonly<Record<string, Json>>;
  readonly match?: MatchTransform;
  readonly string?: StringTransform;
  readonly convert?: { readonly toType: string; readonly format?: string };
}

export interface MathTransform {
  readonly type: string;
  readonly multiply?: bigint;
  readonly clampMin?: bigint;
  readonly clampMax?: bigint;
}

export interface MatchTransform {
  readonly patterns: readonly MatchPattern[];
  readonly fallbackValue?: Json;
  readonly fallbackTo: string;
}

export interface MatchPattern {
  readonly type: string;
  readonly literal?: string;
  readonly regexp?: string;
  readonly result?: Json;
}

export interface StringTransform {
  readonly type: string;
  readonly fmt?: string;
  readonly convert?: string;
  readonly trim?: string;
  readonly regexp?: { readonly match: string; readonly group?: bigint; readonly replace?: string };
  readonly join?: { readonly separator: string };
  readonly replace?: { readonly search: string; readonly replace: string };
}

export interface ConnectionDetail {
  readonly name: string;
  readonly type: string;
  readonly fromConnectionSecretKey?: string;
  readonly fromFieldPath?: string;
  readonly value?: string;
}

export interface ReadinessCheck {
  readonly type: string;
  readonly fieldPath?: string;
  readonly matchString?: string;
  readonly matchInteger?: bigint;
  readonly matchCondition?: { readonly type: string; readonly status: string };
}

type Decode<T> = (value: Json, path: string) => T;

/** A field that is left out when absent. */
interface Optional<T> {
  readonly optional: Decode<T>;
}

/** A field that is its type's zero value when absent. */
interface Zeroed<T> {
  readonly zeroed: Decode<T>;
  readonly zero: T;
}

type Shape<T> = {
  readonly [K in keyof T]-?: undefined extends T[K]
    ? Optional<Exclude<T[K], undefined>>
    : Zeroed<T[K]> | Optional<T[K]>;
};

const optional = <T>(decode: Decode<T>): Optional<T> => ({ optional: decode });
const zeroed = <T>(decode: Decode<T>, zero: T): Zeroed<T> => ({ zeroed: decode, zero });

const wrong = (path: string, what: string): Error =>
  new Error(`cannot unmarshal ${path}: want ${what}`);

const string: Decode<string> = (value, path) => {
  if (typeof value !== 'string') throw wrong(path, 'string');
  return value;
};
const int64: Decode<bigint> = (value, path) => {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) >= 2 ** 63) {
    throw wrong(path, 'int64');
  }
  return BigInt(value);
};
const any: Decode<Json> = (value) => value;
const mapOf: Decode<Readonly<Record<string, Json>>> = (value, path) => {
  if (!isMap(value)) throw wrong(path, 'object');
  return value;
};
const listOf =
  <T>(item: Decode<T>): Decode<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, 'array');
    return value.map((entry, i) => item(entry ?? {}, `${path}[${String(i)}]`));
  };
function object<T extends object>(shape: Shape<T>): Decode<T> {
  const fields = Object.entries<Optional<unknown> | Zeroed<unknown>>(shape);
  return (value, path) => {
    if (!isMap(value)) throw wrong(path, 'object');
    const out: Record<string, unknown> = {};
    for (const [name, field] of fields) {
      const given = value[name] ?? null;
      const at = path === '' ? name : `${path}.${name}`;
      if ('zeroed' in field) out[name] = given === null ? field.zero : field.zeroed(given, at);
      else if (given !== null) out[name] = field.optional(given, at);
    }
    return out as T;
  };
}

const text = zeroed(string, '');

const transform = object<Transform>({
  type: text,
  math: optional(
    object<MathTransform>({
      type: text,
      multiply: optional(int64),
      clampMin: optional(int64),
      clampMax: optional(int64),
    }),
  ),
  map: optional(mapOf),
  match: optional(
    object<MatchTransform>({
      patterns: zeroed(
        listOf(
          object<MatchPattern>({
            type: text,
            literal: optional(string),
            regexp: optional(string),
            result: optional(any),
          }),
        ),
        [],
      ),
      fallbackValue: optional(any),
      fallbackTo: text,
    }),
  ),
  string: optional(
    object<StringTransform>({
      type: text,
      fmt: optional(string),
      convert: optional(string),
      trim: optional(string),
      regexp: optional(
        object<NonNullable<StringTransform['regexp']>>({
          match: text,
          group: optional(int64),
          replace: optional(string),
        }),
      ),
      join: optional(object<NonNullable<StringTransform['join']>>({ separator: text })),
      replace: optional(
        object<NonNullable<StringTransform['replace']>>({ search: text, replace: text }),
      ),
    }),
  ),
  convert: optional(
    object<NonNullable<Transform['convert']>>({ toType: text, format: optional(string) }),
  ),
});

const patch = object<Patch>({
  type: zeroed(
    (value, path) => string(value, path) || 'FromCompositeFieldPath',
    'FromCompositeFieldPath',
  ),
  fromFieldPath: optional(string),
  toFieldPath: optional(string),
  combine: optional(
    object<Combine>({
      strategy: text,
      variables: zeroed(listOf(object<Combine['variables'][number]>({ fromFieldPath: text })), []),
      string: optional(object<NonNullable<Combine['string']>>({ fmt: text })),
    }),
  ),
  patchSetName: optional(string),
  transforms: zeroed(listOf(transform), []),
  policy: optional(
    object<NonNullable<Patch['policy']>>({
      fromFieldPath: optional(string),
      toFieldPath: optional(string),
    }),
  ),
});
const patches = zeroed(listOf(patch), []);

const template = object<Template>({
  name: text,
  base: optional(any),
  patches,
  connectionDetails: zeroed(
    listOf(
      object<ConnectionDetail>({
        name: text,
        type: text,
        fromConnectionSecretKey: optional(string),
        fromFieldPath: optional(string),
        value: optional(string),
      }),
    ),
    [],
  ),
  readinessChecks: zeroed(
    listOf(
      object<ReadinessCheck>({
        type: text,
        fieldPath: optional(string),
        matchString: optional(string),
        matchInteger: optional(int64),
        matchCondition: optional(
          object<NonNullable<ReadinessCheck['matchCondition']>>({ type: text, status: text }),
        ),
      }),
    ),
    [],
  ),
});

const input = object<Input>({
  patchSets: zeroed(listOf(object<PatchSet>({ name: text, patches })), []),
  environment: optional(object<NonNullable<Input['environment']>>({ patches })),
  resources: zeroed(listOf(template), []),
  writeConnectionSecretToRef: optional(any),
});

/** Throws where a field has another type than the function's input has. */
export function decodeInput(value: unknown): Input {
  return input((value ?? {}) as Json, '');
}
