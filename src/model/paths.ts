/** Paths into the values of a schema, as Crossplane writes them: `rule[0].destination.bucket`, `tags.team`. */
import type { MapSchema, ObjectSchema, Properties, Schema } from './schema.js';

/** Every path that a schema of an object admits; any text where its properties are not known to the compiler. */
export type PathOf<S> = S extends { readonly properties: infer P extends Properties }
  ? string extends keyof P
    ? string
    : { [K in keyof P & string]: K | `${K}${Below<P[K]>}` }[keyof P & string]
  : never;

type Below<S> = S extends { readonly properties: Properties }
  ? `.${PathOf<S>}`
  : S extends { readonly items: infer I }
    ? | `[${number}]`
      | (I extends { readonly properties: Properties } ? `[${number}].${PathOf<I>}` : never)
    : S extends { readonly additionalProperties: Schema }
      ? `.${string}` | `[${string}]`
      : never;

/** `a.b[c.d/e][0]` → `a`, `b`, `c.d/e`, `0`. */
export function segmentsOf(path: string): string[] {
  return [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(
    ([, bracketed, plain]) => bracketed ?? plain ?? '',
  );
}

/** The schema of the value at a path, or `undefined` where the schema admits none. */
export function schemaAt(schema: Schema, path: string): Schema | undefined {
  return segmentsOf(path).reduce<Schema | undefined>((at, segment) => {
    if (at === undefined) return undefined;
    if ('items' in at) return /^\d+$/.test(segment) ? at.items : undefined;
    if (isMap(at)) return at.additionalProperties;
    return isObject(at) ? at.properties[segment] : undefined;
  }, schema);
}

export function isMap(schema: Schema): schema is MapSchema {
  return 'additionalProperties' in schema;
}

export function isObject(schema: Schema): schema is ObjectSchema {
  return 'properties' in schema;
}
