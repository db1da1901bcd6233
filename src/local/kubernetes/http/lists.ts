/**
 * Lists: written piece by piece out of the JSON of their objects, as fast as the client reads.
 *
 * A list is the largest answer there is: made as a whole it would be in memory several times over, as parts, as text, as
 * bytes and encrypted, for each client that asks.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { formatJson } from '../json/json.js';
import { apiVersionOf, type Resource } from '../resources/resource.js';
import { shownJson, shownObject } from '../resources/shown.js';
import type { StoredRecord } from '../storage/record.js';
import { partialOf, readInclude, rowOf, tableOf } from '../tables/table.js';
import type { Answer } from '../verbs/call.js';
import { notAcceptable } from './negotiation.js';
import {
  GZIP_LEVEL,
  isForPeople,
  MIN_GZIP_BYTES,
  sendJson,
  takesGzip,
  type Exchange,
} from './responses.js';

const CHUNK_LENGTH = 32 * 1024;

interface ListForm {
  /** What comes before the items; `END` follows them. */
  readonly begin: string;
  readonly itemOf: (record: StoredRecord) => string;
}

const END = ']}';

export function listFormOf(
  { accepted, query, nowMs }: Exchange,
  resource: Resource,
  { metadata }: Extract<Answer, { kind: 'list' }>,
): ListForm {
  const begun = (empty: object) => formatJson(empty).slice(0, -END.length);
  switch (accepted.form) {
    case 'table': {
      const options = { include: readInclude(query), nowMs, withHeader: true };
      return {
        begin: begun(tableOf(resource, [], metadata, options)),
        itemOf: (record) => formatJson(rowOf(resource, shownObject(resource, record), options)),
      };
    }
    case 'partial':
      throw notAcceptable(
        'you requested PartialObjectMetadata, but the requested object is a list (*unstructured.UnstructuredList)',
      );
    case 'partial-list': {
      const kind = 'PartialObjectMetadataList';
      return {
        begin: begun({ kind, apiVersion: 'meta.k8s.io/v1', metadata, items: [] }),
        itemOf: (record) => formatJson(partialOf(shownObject(resource, record))),
      };
    }
    default: {
      const { kind, listKind, isCustom } = resource;
      const apiVersion = apiVersionOf(resource);
      const typed = `{"kind":"${kind}","apiVersion":"${apiVersion}",`;
      const bare = (json: string) =>
        json.startsWith(typed) ? `{${json.slice(typed.length)}` : json;
      return {
        begin: begun({ kind: listKind, apiVersion, metadata, items: [] }),
        itemOf: (record) => {
          const json = shownJson(resource, record);
          return isCustom ? json : bare(json);
        },
      };
    }
  }
}

export async function sendList(
  exchange: Exchange,
  form: ListForm,
  items: readonly StoredRecord[],
): Promise<void> {
  const { request, response, accepted } = exchange;
  const chunks = chunksOf(form, items);
  const { value: first = '' } = chunks.next();
  const isWhole = accepted.mediaType === 'application/yaml' || isForPeople(exchange);
  if (first.length < MIN_GZIP_BYTES || isWhole) {
    sendJson(exchange, 200, [first, ...chunks].join(''));
    return;
  }
  const isPacked = takesGzip(request);
  response.writeHead(200, {
    'content-type': accepted.mediaType,
    'cache-control': 'no-cache, private',
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
  });
  const source = Readable.from(rejoined(first, chunks));
  try {
    await (isPacked
      ? pipeline(source, createGzip({ level: GZIP_LEVEL }), response)
      : pipeline(source, response));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // the client has gone
  }
}

function* rejoined(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

/** The first is the whole list where that is too small to be compressed. */
function* chunksOf(
  { begin, itemOf }: ListForm,
  items: readonly StoredRecord[],
): Generator<string, undefined> {
  let chunk = begin;
  let enough = MIN_GZIP_BYTES;
  let separator = '';
  for (const record of items) {
    chunk += separator + itemOf(record);
    separator = ',';
    if (chunk.length < enough) continue;
    yield chunk;
    chunk = '';
    enough = CHUNK_LENGTH;
  }
  yield chunk + END;
}
