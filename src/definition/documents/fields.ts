/** The fields of a schema, one after the other, as a reference speaks of them. */
import { isMap, isObject } from '../../model/paths.js';
import type { CelRule, Schema } from '../../model/schema.js';

export interface Field {
  /** `spec.tags.*` is each value of a map. */
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** Cannot be changed once the claim is there: itself, or all that it is in. */
  readonly isImmutable: boolean;
}

/** A field and all below it, in the order in which they are declared. */
export function fieldsBelow(
  path: string,
  schema: Schema,
  { isRequired = false, isImmutable = false } = {},
): Field[] {
  const own = { path, schema, isRequired, isImmutable: isImmutable || refusesChange(schema) };
  const below = (name: string, inner: Schema, required: boolean) =>
    fieldsBelow(`${path}.${name}`, inner, { isRequired: required, isImmutable: own.isImmutable });
  if (isMap(schema)) return [own, ...below('*', schema.additionalProperties, false)];
  if (!isObject(schema)) return [own];
  return [
    own,
    ...Object.entries(schema.properties).flatMap(([name, inner]) =>
      below(name, inner, schema.required?.includes(name) ?? false),
    ),
  ];
}

/** A rule that holds the value against what it was. */
export function isTransition({ rule }: CelRule): boolean {
  return rule.includes('oldSelf');
}

function refusesChange(schema: Schema): boolean {
  return rulesOf(schema).some(({ rule }) => rule === 'self == oldSelf');
}

export function rulesOf(schema: Schema): readonly CelRule[] {
  return schema['x-kubernetes-validations'] ?? [];
}

/** As many values as can be read in one cell of a table. */
const FEW = 6;

/** The values of a field that takes too many to be named beside it. */
export function manyValuesOf(schema: Schema): readonly string[] {
  return 'enum' in schema && schema.enum.length > FEW ? schema.enum : [];
}

/** What the schema itself bounds, in words; empty where only rules do. */
export function boundsOf(schema: Schema): string {
  if (manyValuesOf(schema).length > 0) return 'one of the list below';
  if ('enum' in schema) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'string') return range(schema.minLength, schema.maxLength, ' characters');
  if (schema.type === 'integer' || schema.type === 'number')
    return range(schema.minimum, schema.maximum, '');
  if (schema.type === 'array') return range(undefined, schema.maxItems, ' items');
  return isMap(schema) ? range(undefined, schema.maxProperties, ' entries') : '';
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  if (from === undefined && to === undefined) return '';
  if (from === undefined) return `at most ${to ?? ''}${unit}`;
  if (to === undefined) return `at least ${from}${unit}`;
  return `${from} to ${to}${unit}`;
}
