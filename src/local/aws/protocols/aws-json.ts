/**
 * The AWS JSON protocol. Services that spoke the query protocol before (CloudWatch, SQS) give their errors both names.
 */
import { gunzipSync } from 'node:zlib';

import { AwsError, type ServiceRequest } from '../service.js';
import type { RawInput } from './input.js';
import type { OutputValue, Protocol } from './protocol.js';

export interface JsonDialect {
  /** What stands before the operation in `x-amz-target`. */
  readonly targetPrefix: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /**
   * For services that spoke the query protocol before: the shape of an error by its query code, where they differ.
   * @default none; errors have one name
   */
  readonly errorShapes?: Readonly<Record<string, string>>;
}

const MAX_INFLATED_BYTES = 16 * 1024 * 1024;

export function awsJsonProtocol({ targetPrefix, contentType, errorShapes }: JsonDialect): Protocol {
  return {
    speaks: ({ headers }) => headers['x-amz-target'] !== undefined,
    read: (request) => {
      const target = request.headers['x-amz-target'] ?? '';
      if (!target.startsWith(`${targetPrefix}.`)) {
        throw new AwsError('UnknownOperationException', `Unknown target ${target}`, 400);
      }
      return { operation: target.slice(targetPrefix.length + 1), input: readJson(request) };
    },
    write: (_operation, output) => ({
      status: 200,
      headers: { 'content-type': contentType },
      body: JSON.stringify(toJson(output)),
    }),
    writeError: ({ code, message, status, fields }) => {
      const shape = errorShapes?.[code] ?? code;
      const queryError = `${code};${status < 500 ? 'Sender' : 'Receiver'}`;
      return {
        status,
        headers: {
          'content-type': contentType,
          'x-amzn-errortype': shape,
          ...(errorShapes && { 'x-amzn-query-error': queryError }),
        },
        body: JSON.stringify({ __type: shape, message, ...fields }),
      };
    },
  };
}

function readJson(request: ServiceRequest): RawInput {
  const body = inflate(request);
  if (body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as RawInput;
  } catch {
    // Said below.
  }
  throw new AwsError('SerializationException', 'The request is not a JSON object.');
}

/** SDKs compress big inputs of some operations. */
export function inflate({ headers, body }: ServiceRequest): Buffer {
  if (headers['content-encoding'] !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch {
    throw new AwsError(
      'SerializationException',
      'The request says gzip, but is not, or is too large.',
    );
  }
}

/** Times are seconds since the epoch. */
function toJson(value: OutputValue): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Map) return Object.fromEntries(value) as unknown;
  if (Array.isArray(value)) return (value as readonly OutputValue[]).map(toJson);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, toJson(member as OutputValue)]),
  );
}
