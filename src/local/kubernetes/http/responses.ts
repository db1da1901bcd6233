/** Responses: bytes, text, JSON and errors as the client takes them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { stringify } from 'yaml';
import { indentJson } from '../json/indent.js';
import { formatJson } from '../json/json.js';
import type { Accepted } from './negotiation.js';
import type { StatusError } from './status-error.js';

/** Smaller answers are not worth compressing. */
export const MIN_GZIP_BYTES = 128 * 1024;
export const GZIP_LEVEL = 1;
/** As Go writes YAML: text that looks like a time or a flag is quoted. */
const YAML = { version: '1.1', sortMapEntries: true, indentSeq: false } as const;

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly accepted: Accepted;
  readonly nowMs: number;
  readonly query: URLSearchParams;
}

export function sendJson(
  exchange: Exchange,
  code: number,
  json: string,
  contentType?: string,
): void {
  const { request, response, accepted } = exchange;
  const text = textOf(exchange, json);
  const body = Buffer.from(text);
  response.setHeader('content-type', contentType ?? accepted.mediaType);
  response.setHeader('cache-control', 'no-cache, private');
  if (!takesGzip(request) || body.length < MIN_GZIP_BYTES) {
    response.writeHead(code, { 'content-length': body.length }).end(body);
    return;
  }
  gzip(body, { level: GZIP_LEVEL }, (error, packed) => {
    if (error !== null) response.destroy(error);
    else
      response
        .writeHead(code, { 'content-encoding': 'gzip', 'content-length': packed.length })
        .end(packed);
  });
}

function textOf(exchange: Exchange, json: string): string {
  if (exchange.accepted.mediaType === 'application/yaml') return stringify(JSON.parse(json), YAML);
  return isForPeople(exchange) ? indentJson(json) : json;
}

/** Whether the answer is made for reading: where it is asked to be, and where nothing is said, for browsers and curl. */
export function isForPeople({ request, query }: Exchange): boolean {
  const asked = query.get('pretty') ?? '';
  if (asked !== '') return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(request.headers['user-agent'] ?? '');
}

export function takesGzip({ headers }: IncomingMessage): boolean {
  return [headers['accept-encoding'] ?? ''].flat().some((one) => /\bgzip\b/.test(one));
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response
    .writeHead(code, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}

export function sendBytes(response: ServerResponse, bytes: Buffer, contentType: string): void {
  response
    .writeHead(200, { 'content-type': contentType, 'content-length': bytes.length })
    .end(bytes);
}

export function sendStatus(response: ServerResponse, error: StatusError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = formatJson(error.toStatus());
  if (error.details?.retryAfterSeconds !== undefined)
    response.setHeader('retry-after', error.details.retryAfterSeconds);
  response
    .writeHead(error.code, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}

/** A Warning header (RFC 7234), as kubectl shows it. */
export function warningOf(message: string): string {
  return `299 - "${message
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[\r\n]+/g, ' ')}"`;
}
