/**
 * Types: what a structural schema is in CEL, and how a JSON value becomes a value of that type.
 *
 * Objects become instances of a class per schema, so that a rule that names an unknown field fails when the
 * CustomResourceDefinition is created, not when an object is. Integers become `bigint`, which is CEL's int.
 */
import type { Environment } from '@marcbachmann/cel-js';
import { isJsonObject, type JsonObject } from '../json/json.js';
import { isIntOrString, keepsUnknownFields, type Schema } from '../schema/schema.js';
import { isSameValue } from './same-value.js';

export interface CelType {
  readonly name: string;
  readonly fromJson: (value: unknown) => unknown;
}

const DYN: CelType = { name: 'dyn', fromJson: dynamicValue };

const RESERVED = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace ' +
    'return var void while'
  ).split(' '),
);

/** A property's name as rules write it: `-`, `.`, `/`, `__` and CEL's own words are escaped. */
export function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
  return /^[A-Za-z_]\w*$/.test(escaped) ? escaped : undefined;
}

/** Declares the types of a schema, and of all that is in it, in one environment. */
export class TypeDeclarations {
  readonly #types = new Map<Schema, CelType>();

  /** `nameOf` says how expressions write a property; undefined keeps it from them. */
  constructor(
    private readonly env: Environment,
    private readonly nameOf: (property: string) => string | undefined = escapeName,
  ) {}

  typeOf(schema: Schema, path: string): CelType {
    let type = this.#types.get(schema);
    if (type === undefined) {
      type = this.#declare(schema, path);
      this.#types.set(schema, type);
    }
    return type;
  }

  #declare(schema: Schema, path: string): CelType {
    if (isIntOrString(schema)) return DYN;
    const type = this.#declareTyped(schema, path);
    if (schema.nullable !== true || type === DYN) return type;
    return { name: 'dyn', fromJson: (value) => (value === null ? null : type.fromJson(value)) };
  }

  #declareTyped(schema: Schema, path: string): CelType {
    switch (schema.type) {
      case 'integer':
        return { name: 'int', fromJson: (value) => BigInt(value as number | bigint) };
      case 'number':
        return { name: 'double', fromJson: Number };
      case 'boolean':
        return { name: 'bool', fromJson: (value) => value };
      case 'string':
        return declareString(schema.format);
      case 'array':
        return this.#declareList(schema, path);
      case 'object':
        return this.#declareObject(schema, path);
      default:
        return DYN;
    }
  }

  #declareList(schema: Schema, path: string): CelType {
    const item = this.typeOf(schema.items ?? {}, `${path}_item`);
    return {
      name: `list<${item.name}>`,
      fromJson: (value) => (value as unknown[]).map(item.fromJson),
    };
  }

  #declareObject(schema: Schema, path: string): CelType {
    const { additionalProperties, properties } = schema;
    if (typeof additionalProperties === 'object') {
      const member = this.typeOf(additionalProperties, `${path}_value`);
      return {
        name: `map<string, ${member.name}>`,
        fromJson: (value) =>
          new Map(
            Object.entries(value as JsonObject).map(([key, one]) => [key, member.fromJson(one)]),
          ),
      };
    }
    if (properties === undefined || keepsUnknownFields(schema)) return DYN;
    return this.#declareClass(properties, path);
  }

  #declareClass(properties: Readonly<Record<string, Schema>>, path: string): CelType {
    const members = new Map<string, { readonly as: string; readonly type: CelType }>();
    for (const [key, property] of Object.entries(properties)) {
      const as = isVisible(property) ? this.nameOf(key) : undefined;
      if (as !== undefined) members.set(key, { as, type: this.typeOf(property, `${path}_${as}`) });
    }
    // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- CEL tells types apart by their class
    class Value {
      constructor(object: JsonObject) {
        for (const [key, member] of Object.entries(object)) {
          const known = members.get(key);
          if (known !== undefined) Reflect.set(this, known.as, known.type.fromJson(member));
        }
      }
    }
    const fields = Object.fromEntries([...members.values()].map(({ as, type }) => [as, type.name]));
    this.env.registerType(path, { ctor: Value, fields });
    this.env.registerOperator(`${path} == ${path}`, (a: unknown, b: unknown) => isSameValue(a, b));
    return { name: path, fromJson: (value) => new Value(value as JsonObject) };
  }
}

/** What may be anything is not for rules to look at. */
function isVisible(schema: Schema): boolean {
  return schema.type !== undefined || isIntOrString(schema) || !keepsUnknownFields(schema);
}

function declareString(format: string | undefined): CelType {
  if (format === 'date-time' || format === 'datetime') {
    return { name: 'google.protobuf.Timestamp', fromJson: (value) => new Date(value as string) };
  }
  if (format === 'byte') {
    return {
      name: 'bytes',
      fromJson: (value) => new Uint8Array(Buffer.from(value as string, 'base64')),
    };
  }
  return { name: 'string', fromJson: (value) => value };
}

/** A JSON value without a schema, as CEL sees it. */
export function dynamicValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(dynamicValue);
  if (isJsonObject(value)) {
    return new Map(Object.entries(value).map(([key, member]) => [key, dynamicValue(member)]));
  }
  return value;
}
