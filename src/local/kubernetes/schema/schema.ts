/** A schema as a CustomResourceDefinition has it (JSONSchemaProps of apiextensions.k8s.io/v1); built-in kinds use the same form. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  /** Built-in kinds only: the Go type of a struct, as messages name it, or MicroTime or Quantity. A struct is there even where nothing is said in it. */
  readonly goType?: string;
  /** Built-in kinds only: Go holds it by pointer, so that what is sent is kept, zero or not. */
  readonly isPointer?: boolean;
  /** Built-in kinds only: it is shown even where it is zero. */
  readonly isAlwaysShown?: boolean;
  /** Built-in kinds only: how a strategic merge patch treats a list. */
  readonly 'x-kubernetes-patch-strategy'?: 'merge';
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

export function keepsUnknownFields(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

export function isIntOrString(schema: Schema): boolean {
  return schema['x-kubernetes-int-or-string'] === true;
}

/** The schema of an object's member, or undefined where it names none. */
export function memberSchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema === undefined) return undefined;
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The keys by which two items of a list of type map are the same item. */
export function mapKeysOf(schema: Schema | undefined): readonly string[] | undefined {
  return schema?.['x-kubernetes-list-type'] === 'map'
    ? schema['x-kubernetes-list-map-keys']
    : undefined;
}

export function isSet(schema: Schema | undefined): boolean {
  return schema?.['x-kubernetes-list-type'] === 'set';
}

/** `base.key`, or the key alone at the root. */
export function fieldPath(base: string, key: string): string {
  return base === '' ? key : `${base}.${key}`;
}
