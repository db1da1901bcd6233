/** The words that a schema may hold, and the types of what follows them (JSONSchemaProps of apiextensions.k8s.io/v1). */
import { isJsonObject, type JsonObject } from '../json/json.js';

type WordType = 'string' | 'bool' | 'int64' | 'float64' | 'any' | 'schema' | 'schemas' | 'map';

const WORDS: Readonly<Record<string, WordType>> = {
  id: 'string',
  $schema: 'string',
  $ref: 'string',
  description: 'string',
  type: 'string',
  format: 'string',
  title: 'string',
  pattern: 'string',
  'x-kubernetes-list-type': 'string',
  'x-kubernetes-map-type': 'string',
  exclusiveMaximum: 'bool',
  exclusiveMinimum: 'bool',
  uniqueItems: 'bool',
  nullable: 'bool',
  'x-kubernetes-preserve-unknown-fields': 'bool',
  'x-kubernetes-embedded-resource': 'bool',
  'x-kubernetes-int-or-string': 'bool',
  maximum: 'float64',
  minimum: 'float64',
  multipleOf: 'float64',
  maxLength: 'int64',
  minLength: 'int64',
  maxItems: 'int64',
  minItems: 'int64',
  maxProperties: 'int64',
  minProperties: 'int64',
  default: 'any',
  example: 'any',
  enum: 'any',
  required: 'any',
  externalDocs: 'any',
  dependencies: 'any',
  'x-kubernetes-list-map-keys': 'any',
  'x-kubernetes-validations': 'any',
  not: 'schema',
  items: 'schema',
  additionalProperties: 'schema',
  additionalItems: 'schema',
  allOf: 'schemas',
  oneOf: 'schemas',
  anyOf: 'schemas',
  properties: 'map',
  patternProperties: 'map',
  definitions: 'map',
};

export class SchemaTypeError extends Error {}

/** The schema without the words that no schema has, which are added to `unknown`. Throws SchemaTypeError. */
export function readSchema(schema: unknown, path: string, unknown: string[]): unknown {
  return readAt(schema, { path, fields: path.replaceAll(/\[\d+\]/g, '') }, unknown);
}

interface Place {
  /** As unknown fields are named. */
  readonly path: string;
  /** As the decoder names them, without the keys of maps. */
  readonly fields: string;
}

function readAt(schema: unknown, { path, fields }: Place, unknown: string[]): unknown {
  if (!isJsonObject(schema)) return schema;
  const known: JsonObject = {};
  for (const [word, value] of Object.entries(schema)) {
    const type = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    const place = { path: `${path}.${word}`, fields: `${fields}.${word}` };
    if (type === undefined) unknown.push(place.path);
    else if (!isLeftOut(word, value, type)) known[word] = readWord(value, type, place, unknown);
  }
  return known;
}

/** Held by pointer: there as they are said, empty or not. */
const POINTERS = [
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields',
];

/** What Go leaves out when it writes the schema: nulls, and what is empty and not held by pointer. */
function isLeftOut(word: string, value: unknown, type: WordType): boolean {
  if (value === null) return true;
  if (value === '' || value === false)
    return ['string', 'bool'].includes(type) && !POINTERS.includes(word);
  const isContainer = ['schemas', 'map'].includes(type) || EMPTIABLE.includes(word);
  return isContainer && typeof value === 'object' && Object.keys(value).length === 0;
}

const EMPTIABLE = [
  'enum',
  'required',
  'dependencies',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
];

function readWord(value: unknown, type: WordType, place: Place, unknown: string[]): unknown {
  switch (type) {
    case 'any':
      return value;
    case 'schema':
      return readAt(value, place, unknown);
    case 'schemas':
      return Array.isArray(value)
        ? value.map((one, index) =>
            readAt(one, { ...place, path: `${place.path}[${index}]` }, unknown),
          )
        : value;
    case 'map':
      return isJsonObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, one]) => [
              key,
              readAt(one, { ...place, path: `${place.path}.${key}` }, unknown),
            ]),
          )
        : value;
    default:
      checkScalar(value, type, place);
      return value;
  }
}

function checkScalar(value: unknown, type: WordType, { fields }: Place): void {
  const wanted = { string: 'string', bool: 'boolean' }[type as string] ?? 'number';
  if (value === null || typeof value === wanted || typeof value === 'bigint') return;
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw new SchemaTypeError(
    `json: cannot unmarshal ${found} into Go struct field JSONSchemaProps.${fields} of type ${type}`,
  );
}
