/** The few words that our own CRDs are written in: OpenAPI v3 schemas as Kubernetes reads them, kept as plain data. */

/** One OpenAPI v3 schema, as `spec.versions[].schema.openAPIV3Schema` of a CRD holds it. */
export type Schema = Readonly<Record<string, unknown>>;

/** A CEL rule with the words that a refused writer reads. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
}

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const int64: Schema = { type: 'integer', format: 'int64' };
export const int32: Schema = { type: 'integer', format: 'int32' };
export const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export const texts: Schema = { type: 'array', items: text };
export const textMap: Schema = { type: 'object', additionalProperties: text };

export function oneOf(values: readonly string[], initial?: string): Schema {
  return { ...text, enum: values, ...(initial === undefined ? {} : { default: initial }) };
}

export function object(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** A list of which every item has another value of `key`; server-side apply merges it item by item. */
export function mapList(key: string, items: Schema): Schema {
  return {
    ...list(items),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
  };
}

export function withRules(schema: Schema, ...rules: readonly Rule[]): Schema {
  return { ...schema, 'x-kubernetes-validations': rules };
}

export const IMMUTABLE: Rule = { rule: 'self == oldSelf', message: 'Value is immutable' };

/** `status.conditions` as every kind of Crossplane has it. */
export const conditions: Schema = mapList(
  'type',
  object(
    {
      lastTransitionTime: { type: 'string', format: 'date-time' },
      message: text,
      observedGeneration: int64,
      reason: text,
      status: text,
      type: text,
    },
    ['lastTransitionTime', 'reason', 'status', 'type'],
  ),
);

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly priority?: number;
}

export function conditionColumn(name: string, type: string): Column {
  return { name, type: 'string', jsonPath: `.status.conditions[?(@.type=='${type}')].status` };
}

export const ageColumn: Column = {
  name: 'AGE',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
};
