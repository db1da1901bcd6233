/** Answers: what a verb gives, written to the client in the form it asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { stringify } from 'yaml';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { formatJson } from '../json/json.js';
import type { Resource } from '../resources/resource.js';
import { shownJson, shownObject } from '../resources/shown.js';
import type { StoredRecord } from '../storage/record.js';
import { partialOf, tableOf, type IncludeObject, type ListMeta } from '../tables/table.js';
import type { Answer } from '../verbs/call.js';
import { listFormOf, sendList } from './lists.js';
import type { Accepted } from './negotiation.js';
import type { StatusError } from './status-error.js';

/** Smaller answers are not worth compressing. */
export const MIN_GZIP_BYTES = 128 * 1024;
export const GZIP_LEVEL = 1;

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly accepted: Accepted;
  readonly nowMs: number;
  readonly query: URLSearchParams;
}

export async function sendAnswer(
  exchange: Exchange,
  resource: Resource,
  answer: Answer,
): Promise<void> {
  switch (answer.kind) {
    case 'record':
      sendJson(exchange, answer.code, recordJson(exchange, answer.resource, answer.record));
      return;
    case 'list':
      await sendList(exchange, listFormOf(exchange, resource, answer), answer.items);
      return;
    case 'body':
      sendJson(exchange, answer.code, formatJson(answer.body));
      return;
    case 'stream':
      await sendStream(exchange, answer);
  }
}

function recordJson(exchange: Exchange, resource: Resource, record: StoredRecord): string {
  const { form } = exchange.accepted;
  if (form !== 'table' && form !== 'partial') return shownJson(resource, record);
  const object = shownObject(resource, record);
  if (form === 'partial') return formatJson(partialOf(object));
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  return formatJson(tableFor(exchange, resource, [object], metadata));
}

function tableFor(
  { query, nowMs }: Exchange,
  resource: Resource,
  objects: readonly KubernetesObject[],
  metadata: ListMeta,
) {
  const include = (query.get('includeObject') ?? 'Metadata') as IncludeObject;
  return tableOf(resource, objects, metadata, { include, nowMs, withHeader: true });
}

export function sendJson(
  exchange: Exchange,
  code: number,
  json: string,
  contentType?: string,
): void {
  const { request, response, accepted } = exchange;
  const isYaml = accepted.mediaType === 'application/yaml';
  const text = isYaml ? stringify(JSON.parse(json)) : json;
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

async function sendStream(
  { response }: Exchange,
  { follow }: Extract<Answer, { kind: 'stream' }>,
): Promise<void> {
  const over = new AbortController();
  response.on('close', () => over.abort());
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
  });
  response.flushHeaders();
  await follow({
    signal: over.signal,
    write: (text) => response.write(text),
    drained: () => untilDrained(response),
    close: () => {
      over.abort();
      response.end();
    },
  });
}

function untilDrained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (!response.writableNeedDrain || response.destroyed) {
      resolve();
      return;
    }
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** A Warning header (RFC 7234), as kubectl shows it. */
export function warningOf(message: string): string {
  return `299 - "${message
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[\r\n]+/g, ' ')}"`;
}
