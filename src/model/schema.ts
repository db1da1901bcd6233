/**
 * A small language for the schemas of Kubernetes objects, from which their TypeScript types follow.
 *
 * Each fact about a field is written once, as data: the CRD that the API server checks, the type that the compiler checks
 * and the paths that a patch may name all come from it. Only what OpenAPI v3 of Kubernetes takes can be said.
 */
interface Described {
  readonly description?: string;
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
}

/** A rule that looks at several fields at once. The message says what to do. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  /** Below the place of the rule: the field that a client marks. */
  readonly fieldPath?: string;
}

export interface TextSchema extends Described {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly default?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: 'date-time';
}

export interface NumberSchema extends Described {
  readonly type: 'number' | 'integer';
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: 'int64';
}

export interface FlagSchema extends Described {
  readonly type: 'boolean';
  readonly default?: boolean;
}

export interface ListSchema extends Described {
  readonly type: 'array';
  readonly items: Schema;
  readonly default?: readonly unknown[];
  readonly maxItems?: number;
  readonly 'x-kubernetes-list-type'?: 'set' | 'map' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

export interface MapSchema extends Described {
  readonly type: 'object';
  readonly additionalProperties: Schema;
  readonly default?: Readonly<Record<string, unknown>>;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic';
}

export type Properties = Readonly<Record<string, Schema>>;

export interface ObjectSchema extends Described {
  readonly type: 'object';
  readonly properties: Properties;
  readonly required?: readonly string[];
  readonly default?: Readonly<Record<string, unknown>>;
}

export type Schema = TextSchema | NumberSchema | FlagSchema | ListSchema | MapSchema | ObjectSchema;

/** The type of the values that a schema admits. */
export type ValueOf<S extends Schema> = S extends {
  readonly type: 'string';
  readonly enum: readonly (infer E)[];
}
  ? E
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'number' | 'integer' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly items: infer I extends Schema }
          ? readonly ValueOf<I>[]
          : S extends { readonly additionalProperties: infer V extends Schema }
            ? Readonly<Record<string, ValueOf<V>>>
            : S extends { readonly properties: infer P extends Properties }
              ? ObjectOf<P, RequiredOf<S>>
              : never;

type RequiredOf<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;

type ObjectOf<P extends Properties, R> = string extends keyof P
  ? Readonly<Record<string, unknown>>
  : {
      readonly [K in keyof P as K extends R ? K : never]: ValueOf<P[K]>;
    } & {
      readonly [K in keyof P as K extends R ? never : K]?: ValueOf<P[K]>;
    };

type Bounds<S extends Schema> = Omit<
  S,
  'type' | 'description' | 'items' | 'properties' | 'additionalProperties'
>;

export function text<const B extends Bounds<TextSchema> = object>(
  description: string,
  bounds: B = {} as B,
) {
  return { type: 'string', description, ...bounds } as const;
}

export function number<const B extends Bounds<NumberSchema> = object>(
  description: string,
  bounds: B = {} as B,
) {
  return { type: 'number', description, ...bounds } as const;
}

export function integer<const B extends Bounds<NumberSchema> = object>(
  description: string,
  bounds: B = {} as B,
) {
  return { type: 'integer', description, ...bounds } as const;
}

export function flag<const B extends Bounds<FlagSchema> = object>(
  description: string,
  bounds: B = {} as B,
) {
  return { type: 'boolean', description, ...bounds } as const;
}

export function list<const I extends Schema, const B extends Bounds<ListSchema> = object>(
  description: string,
  items: I,
  bounds: B = {} as B,
) {
  return { type: 'array', description, items, ...bounds } as const;
}

export function map<const V extends Schema, const B extends Bounds<MapSchema> = object>(
  description: string,
  values: V,
  bounds: B = {} as B,
) {
  return { type: 'object', description, additionalProperties: values, ...bounds } as const;
}

/** Two signatures, lest the compiler takes bounds that are not given from the place where the schema is used. */
export function object<const P extends Properties>(
  description: string,
  properties: P,
): { readonly type: 'object'; readonly description: string; readonly properties: P };
export function object<const P extends Properties, const B extends Bounds<ObjectSchema>>(
  description: string,
  properties: P,
  bounds: B,
): { readonly type: 'object'; readonly description: string; readonly properties: P } & B;
export function object(
  description: string,
  properties: Properties,
  bounds: Bounds<ObjectSchema> = {},
) {
  return { type: 'object', description, properties, ...bounds } as const;
}
