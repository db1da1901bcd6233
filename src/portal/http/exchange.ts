/** One request and its answer, as the routes see them: a bounded JSON body in, JSON out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PdrError } from '../../support/errors.js';
import { httpStatusOf, refusalOf, toPdrError } from './refusal.js';

/** Ten times the largest claim there can be. */
const BODY_LIMIT_BYTES = 256 * 1024;

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The named parts of the route's path. */
  readonly params: Readonly<Record<string, string>>;
}

/** The body, which has to be a JSON object. Throws PDR2007 where it is too large or something else. */
export async function readJson(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) {
      throw unusable(`the body is larger than ${BODY_LIMIT_BYTES / 1024} KiB`);
    }
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (isRecord(body)) return body;
  } catch {
    // said below
  }
  throw unusable('the body is no JSON object');
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    })
    .end(text);
}

export function sendRefusal(response: ServerResponse, thrown: unknown): PdrError {
  const error = toPdrError(thrown);
  if (response.headersSent) response.destroy();
  else {
    // What is left of a body that was too large is not waited for.
    if (!response.req.complete) response.setHeader('connection', 'close');
    sendJson(response, httpStatusOf(error), refusalOf(error));
  }
  return error;
}

export function unusable(detail: string): PdrError {
  return new PdrError('PDR2007', { subject: 'request', detail });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of the body that has to be text. */
export function textOf(body: Readonly<Record<string, unknown>>, field: string): string {
  const value = body[field];
  if (typeof value === 'string') return value;
  throw unusable(`${field} has to be text`);
}

/** A field of the body that has to be a whole number. */
export function integerOf(body: Readonly<Record<string, unknown>>, field: string): number {
  const value = body[field];
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw unusable(`${field} has to be a whole number`);
}

/** A field of the body that has to be an object. */
export function recordOf(
  body: Readonly<Record<string, unknown>>,
  field: string,
): Readonly<Record<string, unknown>> {
  const value = body[field];
  if (isRecord(value)) return value;
  throw unusable(`${field} has to be an object`);
}
