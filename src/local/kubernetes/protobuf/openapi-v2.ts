/**
 * An OpenAPI v2 document in gnostic's protobuf messages (gnostic-models, openapiv2), in which Go clients ask for it.
 *
 * Argo CD and whoever else merges by server-side apply's rules read the definitions; the paths are in the JSON form alone.
 */
import { isJsonObject, type JsonObject } from '../json/json.js';
import { doubleField, flagField, messageField, numberField, textField } from './writer.js';

export function encodeOpenApiV2({ swagger, info, definitions }: JsonObject): Buffer {
  const { title, version } = objectOf(info);
  return Buffer.concat([
    textField(1, textOf(swagger)),
    messageField(2, Buffer.concat([textField(1, textOf(title)), textField(2, textOf(version))])),
    messageField(9, namedSchemas(objectOf(definitions))),
  ]);
}

function namedSchemas(schemas: JsonObject): Buffer {
  const named = Object.entries(schemas).map(([name, schema]) =>
    messageField(
      1,
      Buffer.concat([textField(1, name), messageField(2, encodeSchema(objectOf(schema)))]),
    ),
  );
  return Buffer.concat(named);
}

function encodeSchema(schema: JsonObject): Buffer {
  const { required, type, items, properties, additionalProperties } = schema;
  const extensions = Object.entries(schema).filter(([key]) => key.startsWith('x-'));
  return Buffer.concat([
    textField(1, textOf(schema.$ref)),
    textField(2, textOf(schema.format)),
    textField(3, textOf(schema.title)),
    textField(4, textOf(schema.description)),
    ...(schema.default === undefined ? [] : [messageField(5, anything(schema.default))]),
    doubleField(6, numberOf(schema.multipleOf)),
    doubleField(7, numberOf(schema.maximum)),
    flagField(8, schema.exclusiveMaximum === true),
    doubleField(9, numberOf(schema.minimum)),
    flagField(10, schema.exclusiveMinimum === true),
    numberField(11, numberOf(schema.maxLength)),
    numberField(12, numberOf(schema.minLength)),
    textField(13, textOf(schema.pattern)),
    numberField(14, numberOf(schema.maxItems)),
    numberField(15, numberOf(schema.minItems)),
    flagField(16, schema.uniqueItems === true),
    numberField(17, numberOf(schema.maxProperties)),
    numberField(18, numberOf(schema.minProperties)),
    ...(Array.isArray(required) ? required.map((name) => textField(19, textOf(name))) : []),
    ...(Array.isArray(schema.enum)
      ? schema.enum.map((one) => messageField(20, anything(one)))
      : []),
    ...(isJsonObject(additionalProperties)
      ? [messageField(21, messageField(1, encodeSchema(additionalProperties)))]
      : []),
    ...(additionalProperties === true ? [messageField(21, flagField(2, true))] : []),
    ...(typeof type === 'string' ? [messageField(22, textField(1, type))] : []),
    ...(isJsonObject(items) ? [messageField(23, messageField(1, encodeSchema(items)))] : []),
    ...(isJsonObject(properties) ? [messageField(25, namedSchemas(properties))] : []),
    ...extensions.map(([name, value]) =>
      messageField(31, Buffer.concat([textField(1, name), messageField(2, anything(value))])),
    ),
  ]);
}

/** A value of any kind goes as YAML, of which JSON is a part. */
function anything(value: unknown): Buffer {
  return textField(2, JSON.stringify(value));
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
