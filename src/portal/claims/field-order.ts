/** The order in which people write the fields of a claim: that of our own schema, for an API server serves them by the alphabet. */
import type { ObjectSchema, Schema } from '../../model/schema.js';
import type { FieldSchema } from '../contract.js';

/** The served schema, its fields in the order of `written`, at every depth; fields that only the cluster knows come last. */
export function inOrderOf(written: Schema, served: FieldSchema): FieldSchema {
  if (served.properties === undefined || !isObject(written)) return served;
  const fields: Readonly<Record<string, FieldSchema>> = served.properties;
  const known = Object.entries(written.properties).flatMap(([name, inner]) => {
    const field = fields[name];
    return field === undefined ? [] : [[name, inOrderOf(inner, field)] as const];
  });
  return { ...served, properties: { ...Object.fromEntries(known), ...unknownOf(fields, written) } };
}

function unknownOf(
  fields: Readonly<Record<string, FieldSchema>>,
  { properties }: ObjectSchema,
): Record<string, FieldSchema> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !Object.hasOwn(properties, name)),
  );
}

function isObject(schema: Schema): schema is ObjectSchema {
  return 'properties' in schema;
}
