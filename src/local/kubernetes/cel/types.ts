/** Types: what a schema is in CEL, and how a JSON value becomes a value of that type. */
import { isJsonObject, type JsonObject } from '../json/json.js';
import { isIntOrString, isSet, mapKeysOf, type Schema } from '../schema/schema.js';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  TIMESTAMP,
  type Type,
} from './language/type.js';
import { Duration, KeyedList, ObjectValue } from './language/value.js';
import { nanosecondsOf, parseTimestamp } from './library/times.js';

/** How a rule sees the root of an object: of its metadata only the name. */
const NAMES: Schema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

/** The schema of a whole object, as rules see it. */
export function asResource(schema: Schema): Schema {
  return {
    ...schema,
    type: 'object',
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: NAMES,
    },
  };
}

export interface CelType {
  readonly type: Type;
  readonly fromJson: (value: unknown) => unknown;
}

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

/**
 * Undefined for what may be anything: expressions do not see it. `name` is what the type is called in messages; `nameOf`
 * says how expressions write a property, undefined keeping it from them.
 */
export function celTypeOf(
  schema: Schema,
  name: string,
  nameOf: (property: string) => string | undefined = escapeName,
): CelType | undefined {
  if (isIntOrString(schema)) return { type: DYN, fromJson: dynamicValue };
  switch (schema.type) {
    case 'integer':
      return { type: INT, fromJson: (value) => BigInt(value as number | bigint) };
    case 'number':
      return { type: DOUBLE, fromJson: Number };
    case 'boolean':
      return { type: BOOL, fromJson: (value) => value };
    case 'string':
      return stringType(schema.format);
    case 'array':
      return listType(schema, name, nameOf);
    case 'object':
      return objectType(schema, name, nameOf);
    default:
      return undefined;
  }
}

function stringType(format: string | undefined): CelType {
  switch (format) {
    case 'date':
      return { type: TIMESTAMP, fromJson: (value) => parseTimestamp(`${String(value)}T00:00:00Z`) };
    case 'date-time':
      return { type: TIMESTAMP, fromJson: (value) => parseTimestamp(String(value)) };
    case 'duration':
      return { type: DURATION, fromJson: (value) => durationOf(String(value)) };
    case 'byte':
      return { type: BYTES, fromJson: (value) => Buffer.from(String(value), 'base64') };
    default:
      return { type: STRING, fromJson: (value) => value };
  }
}

/** Days and weeks, and words for units, are durations of the format too. */
const UNIT_SECONDS: Readonly<Record<string, string>> = {
  nano: 'ns',
  micro: 'us',
  milli: 'ms',
  sec: 's',
  min: 'm',
  hr: 'h',
  hour: 'h',
};

function durationOf(text: string): Duration {
  const plain = nanosecondsOf(text);
  if (plain !== undefined) return new Duration(plain);
  let sum = 0n;
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([A-Za-zµμ]+)/g)) {
    const by = /^d/i.test(unit) ? 24 : /^w/i.test(unit) ? 168 : 0;
    const known = Object.entries(UNIT_SECONDS).find(([word]) =>
      unit.toLowerCase().startsWith(word),
    );
    const written = by === 0 ? `${count}${known?.[1] ?? unit}` : `${Number(count) * by}h`;
    sum += nanosecondsOf(written) ?? 0n;
  }
  return new Duration(sum);
}

function listType(
  schema: Schema,
  name: string,
  nameOf: (property: string) => string | undefined,
): CelType | undefined {
  const item = celTypeOf(schema.items ?? {}, `${name}.@idx`, nameOf);
  if (item === undefined) return undefined;
  const keys = mapKeysOf(schema)?.map((key) => nameOf(key) ?? key);
  const keyOf = (value: unknown) =>
    keys === undefined ? value : keys.map((key) => (value as ObjectValue).fields.get(key) ?? null);
  const isKeyed = keys !== undefined || isSet(schema);
  return {
    type: listOf(item.type),
    fromJson: (value) => {
      const items = (value as unknown[]).map((one) => (one === null ? null : item.fromJson(one)));
      return isKeyed ? KeyedList.keyed(items, keyOf) : items;
    },
  };
}

function objectType(
  schema: Schema,
  name: string,
  nameOf: (property: string) => string | undefined,
): CelType | undefined {
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const { additionalProperties, properties = {} } = isResource ? asResource(schema) : schema;
  if (typeof additionalProperties === 'object') {
    const member = celTypeOf(additionalProperties, `${name}.@elem`, nameOf);
    if (member === undefined) return undefined;
    const convert = (one: unknown) => (one === null ? null : member.fromJson(one));
    return {
      type: mapOf(STRING, member.type),
      fromJson: (value) =>
        new Map(Object.entries(value as JsonObject).map(([key, one]) => [key, convert(one)])),
    };
  }
  const members = new Map<string, CelType & { readonly as: string }>();
  for (const [key, property] of Object.entries(properties)) {
    const as = nameOf(key);
    const type = as === undefined ? undefined : celTypeOf(property, `${name}.${as}`, nameOf);
    if (as !== undefined && type !== undefined) members.set(key, { ...type, as });
  }
  const fields = new Map([...members.values()].map(({ as, type }) => [as, type]));
  const type: Type = { kind: 'struct', name, parameters: [], fields };
  return { type, fromJson: (value) => objectValue(type, members, value as JsonObject) };
}

/** A null is as good as nothing. */
function objectValue(
  type: Type,
  members: ReadonlyMap<string, CelType & { readonly as: string }>,
  object: JsonObject,
): ObjectValue {
  const fields = new Map<string, unknown>();
  const entries = Object.entries(object);
  for (const [key, member] of entries) {
    const known = members.get(key);
    if (known !== undefined && member !== null) fields.set(known.as, known.fromJson(member));
  }
  return new ObjectValue(type, fields, entries.length);
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
