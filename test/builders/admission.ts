/** Judges a value by its schema as the API server does: types, bounds, and the rules in CEL with their messages. */
import { evaluate } from '@marcbachmann/cel-js';
import { isMap, isObject } from '../../src/model/paths.js';
import type { Schema } from '../../src/model/schema.js';

export interface Cause {
  readonly field: string;
  readonly message: string;
}

/** Why the value is refused; nothing when it is admitted. `old` is the value before a change. */
export function judge(value: unknown, schema: Schema, field: string, old?: unknown): Cause[] {
  const structural = [...bounds(value, schema, field), ...below(value, schema, field, old)];
  // The API server does not run rules on a value of the wrong shape.
  return structural.length > 0 ? structural : rules(value, schema, field, old);
}

function below(value: unknown, schema: Schema, field: string, old: unknown): Cause[] {
  if (typeof value !== 'object' || value === null) return [];
  const before = old as Readonly<Record<string, unknown>> | undefined;
  return Object.entries(value).flatMap(([key, inner]) => {
    const property = isMap(schema)
      ? schema.additionalProperties
      : isObject(schema)
        ? schema.properties[key]
        : undefined;
    return property === undefined
      ? [{ field: `${field}.${key}`, message: 'unknown field' }]
      : judge(inner, property, `${field}.${key}`, before?.[key]);
  });
}

function bounds(value: unknown, schema: Schema, field: string): Cause[] {
  const fault = (message: string) => [{ field, message }];
  switch (schema.type) {
    case 'string': {
      if (typeof value !== 'string') return fault('must be a string');
      if (schema.enum?.includes(value) === false)
        return fault(`must be one of ${schema.enum.join()}`);
      if (value.length > (schema.maxLength ?? Infinity) || value.length < (schema.minLength ?? 0))
        return fault('length');
      return schema.pattern === undefined || new RegExp(schema.pattern).test(value)
        ? []
        : fault('pattern');
    }
    case 'number':
    case 'integer': {
      if (typeof value !== 'number') return fault('must be a number');
      return value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)
        ? fault('out of bounds')
        : [];
    }
    case 'object': {
      if (typeof value !== 'object' || value === null) return fault('must be an object');
      if (isMap(schema))
        return Object.keys(value).length > (schema.maxProperties ?? Infinity)
          ? fault('too many')
          : [];
      const missing = (schema.required ?? []).filter((name) => !(name in value));
      return missing.map((name) => ({ field: `${field}.${name}`, message: 'required' }));
    }
    default:
      return [];
  }
}

function rules(value: unknown, schema: Schema, field: string, old: unknown): Cause[] {
  const [self, oldSelf] = [typed(value, schema), typed(old, schema)];
  return (schema['x-kubernetes-validations'] ?? [])
    .filter(({ rule }) => !rule.includes('oldSelf') || old !== undefined)
    .filter(({ rule }) => evaluate(rule, { self, oldSelf }) !== true)
    .map(({ message, fieldPath = '' }) => ({ field: `${field}${fieldPath}`, message }));
}

/** CEL has integers; JSON has not. */
function typed(value: unknown, schema: Schema): unknown {
  if (schema.type === 'integer' && typeof value === 'number') return BigInt(value);
  if (typeof value !== 'object' || value === null || !isObject(schema)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const property = schema.properties[key];
      return [key, property === undefined ? inner : typed(inner, property)];
    }),
  );
}
