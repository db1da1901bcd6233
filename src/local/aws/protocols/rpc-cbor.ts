/**
 * Smithy's RPC v2 with CBOR, which boto3 and the AWS CLI speak to CloudWatch.
 */
import { cbor, dateToTag } from '@smithy/core/cbor';

import { AwsError } from '../service.js';
import { inflate } from './aws-json.js';
import type { RawInput } from './input.js';
import type { OutputValue, Protocol } from './protocol.js';

export interface CborDialect {
  /** The service's name in the path: `/service/{name}/operation/{operation}`. */
  readonly serviceName: string;
  /** The shape of an error by its query code, where they differ. */
  readonly errorShapes: Readonly<Record<string, string>>;
}

const HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
const TAG_EPOCH_SECONDS = 1;

export function rpcCborProtocol({ serviceName, errorShapes }: CborDialect): Protocol {
  const prefix = `/service/${serviceName}/operation/`;
  return {
    speaks: ({ headers }) => headers['smithy-protocol'] === 'rpc-v2-cbor',
    read: (request) => {
      if (!request.path.startsWith(prefix)) {
        throw new AwsError('UnknownOperationException', `Unknown operation ${request.path}`, 404);
      }
      const body = inflate(request);
      const operation = request.path.slice(prefix.length);
      return { operation, input: body.length === 0 ? {} : readCbor(body) };
    },
    write: (_operation, output) => ({
      status: 200,
      headers: HEADERS,
      body: Buffer.from(cbor.serialize(toCbor(output))),
    }),
    writeError: ({ code, message, status, fields }) => ({
      status,
      headers: {
        ...HEADERS,
        'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}`,
      },
      body: Buffer.from(cbor.serialize({ __type: errorShapes[code] ?? code, message, ...fields })),
    }),
  };
}

function readCbor(body: Buffer): RawInput {
  try {
    const parsed = fromCbor(cbor.deserialize(body));
    if (typeof parsed === 'object' && parsed !== null) return parsed as RawInput;
  } catch {
    // Said below.
  }
  throw new AwsError('SerializationException', 'The request is not a CBOR map.');
}

function fromCbor(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromCbor);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if ('tag' in value && 'value' in value && Number(value.tag) === TAG_EPOCH_SECONDS) {
    return new Date(Number(value.value) * 1000);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, fromCbor(member)]),
  );
}

function toCbor(value: OutputValue): unknown {
  if (value instanceof Date) return dateToTag(value);
  if (value instanceof Map) return Object.fromEntries(value) as unknown;
  if (Array.isArray(value)) return (value as readonly OutputValue[]).map(toCbor);
  if (typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, toCbor(member as OutputValue)]));
}
