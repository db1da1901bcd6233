/**
 * Protobuf bodies: what clients written in Go send for built-in kinds, made into the object that JSON would have been.
 *
 * Requests only; answers are JSON, which every such client takes too. A field that is not known is refused by its
 * number, never dropped.
 */
import { badRequest } from '../http/status-error.js';
import type { JsonObject } from '../json/json.js';
import { toKubernetesTime } from '../../../support/clock.js';
import { messageNamed, messageOfKind, type FieldType, type Message } from './messages.js';
import { readFields, type WireField } from './reader.js';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const MAGIC = Buffer.from('k8s\0');

/** Throws 400. */
export function readProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  try {
    return readEnvelope(body.subarray(MAGIC.length));
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`protobuf: ${error.message}`);
    throw error;
  }
}

/** Kind and version, and within them the object (runtime.Unknown). */
function readEnvelope(bytes: Buffer): JsonObject {
  const fields = new Map(readFields(bytes).map(({ number, value }) => [number, value]));
  const type = new Map(
    readFields(bytesOf(fields.get(1))).map(({ number, value }) => [number, value]),
  );
  const [apiVersion, kind] = [bytesOf(type.get(1)).toString(), bytesOf(type.get(2)).toString()];
  const message = messageOfKind(apiVersion, kind);
  if (message === undefined) {
    throw badRequest(`${apiVersion} ${kind} cannot be read from protobuf here: send JSON or YAML`);
  }
  return { apiVersion, kind, ...readMessage(bytesOf(fields.get(2)), message, kind) };
}

function readMessage(bytes: Buffer, message: Message, name: string): JsonObject {
  const object: JsonObject = {};
  for (const { number, value } of readFields(bytes)) {
    const field = message.get(number);
    if (field === undefined)
      throw new RangeError(`field ${number} of ${name} is not known: send JSON or YAML`);
    setField(object, field.name, field.type, value);
  }
  return object;
}

function setField(
  object: JsonObject,
  name: string,
  { form, type }: FieldType,
  value: WireField['value'],
): void {
  switch (form) {
    case 'one': {
      const read = readValue(value, type);
      // Go sends texts that are empty too, where JSON would leave them out.
      if (read !== undefined && (read !== '' || type === 'string?')) object[name] = read;
      return;
    }
    case 'list':
      object[name] = [...((object[name] as unknown[] | undefined) ?? []), readValue(value, type)];
      return;
    case 'map': {
      const entry = new Map(readFields(bytesOf(value)).map((field) => [field.number, field.value]));
      const key = bytesOf(entry.get(1)).toString();
      if (key === '__proto__') throw new RangeError('the key "__proto__" cannot be used');
      object[name] = {
        ...(object[name] as JsonObject | undefined),
        [key]: readValue(entry.get(2) ?? Buffer.alloc(0), type),
      };
    }
  }
}

function readValue(value: WireField['value'], type: string): unknown {
  switch (type) {
    case 'string':
    case 'string?':
      return bytesOf(value).toString();
    case 'bytes':
      return bytesOf(value).toString('base64');
    case 'int':
    case 'int?':
      return value === 0n && type === 'int' ? undefined : Number(value);
    case 'bool':
    case 'bool?':
      return value === 0n && type === 'bool' ? undefined : value !== 0n;
    case 'time':
    case 'microTime':
      return readTime(bytesOf(value), type === 'microTime');
    case 'IntOrString': {
      const fields = new Map(
        readFields(bytesOf(value)).map((field) => [field.number, field.value]),
      );
      return fields.get(1) === 1n ? bytesOf(fields.get(3)).toString() : Number(fields.get(2) ?? 0n);
    }
    case 'Quantity':
      return bytesOf(readFields(bytesOf(value))[0]?.value).toString();
    case 'FieldsV1':
      return JSON.parse(bytesOf(readFields(bytesOf(value))[0]?.value).toString() || '{}');
    default: {
      const message = messageNamed(type);
      if (message === undefined) throw new RangeError(`${type} is no message`);
      return readMessage(bytesOf(value), message, type);
    }
  }
}

/** A time that was never set is sent as an empty message. */
function readTime(bytes: Buffer, hasMicroseconds: boolean): string | undefined {
  const fields = new Map(readFields(bytes).map(({ number, value }) => [number, value]));
  if (fields.size === 0) return undefined;
  const whole = toKubernetesTime(Number(fields.get(1) ?? 0n) * 1000);
  if (!hasMicroseconds) return whole;
  const micros = Math.floor(Number(fields.get(2) ?? 0n) / 1000);
  return whole.replace('Z', `.${String(micros).padStart(6, '0')}Z`);
}

function bytesOf(value: WireField['value'] | undefined): Buffer {
  if (typeof value === 'bigint') throw new RangeError('a number where bytes are expected');
  return value ?? Buffer.alloc(0);
}
