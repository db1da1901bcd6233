/** Answers: what a verb gives, written to the client in the form it asked for. */
import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { formatJson } from '../json/json.js';
import type { Resource } from '../resources/resource.js';
import { shownJson, shownObject } from '../resources/shown.js';
import type { StoredRecord } from '../storage/record.js';
import { partialOf, readInclude, tableOf, type ListMeta } from '../tables/table.js';
import type { Answer } from '../verbs/call.js';
import { listFormOf, sendList } from './lists.js';
import { notAcceptable } from './negotiation.js';
import { sendJson, type Exchange } from './responses.js';
import { StatusError } from './status-error.js';

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
  if (form === 'partial-list') {
    const { isCustom, kind } = resource;
    if (isCustom) throw new StatusError(500, undefined, 'content is not a list');
    throw notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (*core.${kind})`,
    );
  }
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
  const include = readInclude(query);
  return tableOf(resource, objects, metadata, { include, nowMs, withHeader: true });
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
