/**
 * What the API server keeps: the fields that a kind's CRD knows.
 *
 * The CRD may be another than ours (the real provider's, of another version). What its schema does not have would be
 * dropped by the API server and written again each time, so it is left out before it is written.
 */
import { isRecord } from '../external/drift.js';

export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** `value` without what the schema does not know, and without `undefined`. */
export function keepKnown(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined) return undefined;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return value;
  if (Array.isArray(value)) return value.map((item) => keepKnown(item, schema.items));
  if (!isRecord(value)) return value;
  const { properties, additionalProperties } = schema;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    if (inner === undefined) return [];
    if (properties?.[key] !== undefined) return [[key, keepKnown(inner, properties[key])] as const];
    if (additionalProperties === true) return [[key, inner] as const];
    if (isRecord(additionalProperties)) {
      return [[key, keepKnown(inner, additionalProperties)] as const];
    }
    return [];
  });
  return Object.fromEntries(entries);
}

/** The schema at a path of properties. */
export function schemaAt(
  schema: Schema | undefined,
  ...path: readonly string[]
): Schema | undefined {
  return path.reduce<Schema | undefined>((at, key) => at?.properties?.[key], schema);
}
