/**
 * GET of a collection with `watch`: what changes, as it changes, until the timeout or until the client goes.
 *
 * With a selector an object that begins to match is ADDED and one that ceases to is DELETED. A watch that starts at a
 * version the history no longer holds gets one ERROR event (410 Expired) and ends.
 */
import { shownJson, shownObject } from '../resources/shown.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { invalidOptions, StatusError } from '../http/status-error.js';
import { formatJson } from '../json/json.js';
import { apiVersionOf } from '../resources/resource.js';
import type { ChangeEvent, StoredRecord } from '../storage/record.js';
import { partialOf, tableOf, type IncludeObject } from '../tables/table.js';
import type { Answer, Call } from './call.js';
import { readBoolean, readInteger } from './options.js';
import { readSelection, type Selection } from './selection.js';

const MIN_TIMEOUT_SECONDS = 1800;
const BOOKMARK_INTERVAL_MS = 60_000;
/** A last bookmark goes out this long before the end, so that the next watch starts from there. */
const BOOKMARK_BEFORE_END_MS = 2000;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

type EventType = ChangeEvent['type'] | 'BOOKMARK';

export function watch(call: Call): Answer {
  const { query } = call;
  const selection = readSelection(call);
  const start = readStart(query);
  const timeoutSeconds = readInteger(query, 'timeoutSeconds') ?? 0;
  const timeoutMs =
    1000 * (timeoutSeconds > 0 ? timeoutSeconds : MIN_TIMEOUT_SECONDS * (1 + Math.random()));
  const stream = new WatchStream(call, selection, start, readBoolean(query, 'allowWatchBookmarks'));
  return { kind: 'stream', follow: (write, signal) => stream.follow(write, timeoutMs, signal) };
}

interface Start {
  /** After this version; undefined for everything there is, then what changes. */
  readonly version: number | undefined;
  /** Whether the state is sent first and its end marked by a bookmark. */
  readonly sendsInitialEvents: boolean;
}

function readStart(query: URLSearchParams): Start {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const forbid = (detail: string, field = 'resourceVersionMatch') =>
    invalidOptions('ListOptions', { type: 'Forbidden', field, detail });
  const sendsInitialEvents = query.has('sendInitialEvents');
  if (sendsInitialEvents && match !== 'NotOlderThan') {
    throw forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (!sendsInitialEvents && match !== '') {
    throw forbid(
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
  if (text !== '' && !/^\d+$/.test(text)) {
    const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new StatusError(
      500,
      undefined,
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${why}`,
    );
  }
  const isInitial = readBoolean(query, 'sendInitialEvents');
  const version = text === '' || text === '0' || isInitial ? undefined : Number(text);
  return { version, sendsInitialEvents: isInitial };
}

class WatchStream {
  #write: (line: string) => void = () => undefined;
  /** The version up to which the client has been told. */
  #toldVersion: number;
  #isHeaderSent = false;

  constructor(
    private readonly call: Call,
    private readonly selection: Selection,
    private readonly start: Start,
    private readonly allowsBookmarks: boolean,
  ) {
    this.#toldVersion = call.plane.store.resourceVersion;
  }

  async follow(
    write: (line: string) => void,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { plane, resource } = this.call;
    this.#write = write;
    try {
      this.#sendBeginning();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      write(`{"type":"ERROR","object":${formatJson(error.toStatus())}}\n`);
      return;
    }
    const stop = plane.hub.watch(resource.storage, (event) => this.#tell(event));
    try {
      await this.#waitForEnd(timeoutMs, signal);
    } finally {
      stop();
    }
  }

  #sendBeginning(): void {
    const { plane, resource, namespace } = this.call;
    const { version, sendsInitialEvents } = this.start;
    if (version !== undefined) {
      for (const event of plane.store.history.since(version)) {
        if (event.record.key.resource === resource.storage) this.#tell(event);
      }
      // A version that is still to come: nothing up to it is told.
      this.#toldVersion = Math.max(this.#toldVersion, version);
      return;
    }
    const scope = resource.isNamespaced && namespace !== '' ? namespace : undefined;
    for (const record of plane.store.list(resource.storage, scope)) {
      if (this.#matches(record)) this.#send('ADDED', record);
    }
    if (sendsInitialEvents && this.allowsBookmarks)
      this.#sendBookmark({ [INITIAL_EVENTS_END]: 'true' });
  }

  #tell(event: ChangeEvent): void {
    const { namespace } = this.call;
    const { record, previous } = event;
    if (namespace !== '' && record.key.namespace !== namespace) return;
    if (this.start.version !== undefined && event.resourceVersion <= this.start.version) return;
    const isMatch = event.type !== 'DELETED' && this.#matches(record);
    const wasMatch = previous !== undefined && this.#matches(previous);
    if (isMatch) this.#send(wasMatch ? 'MODIFIED' : 'ADDED', record);
    else if (wasMatch && event.type === 'DELETED') this.#send('DELETED', record);
    // What no longer matches goes as it was while it did, so that selectors of the client know it.
    else if (wasMatch) this.#send('DELETED', previous.at(event.resourceVersion));
  }

  #matches(record: StoredRecord): boolean {
    const { selection, call } = this;
    return selection.isEverything || selection.matches(shownObject(call.resource, record));
  }

  #send(type: EventType, record: StoredRecord): void {
    this.#write(`{"type":"${type}","object":${this.#jsonOf(record)}}\n`);
  }

  #jsonOf(record: StoredRecord): string {
    const { form, resource } = this.call;
    if (form === 'object') return shownJson(resource, record);
    const object = shownObject(resource, record);
    return formatJson(form === 'table' ? this.#tableOf(object) : partialOf(object));
  }

  #tableOf(object: KubernetesObject) {
    const { resource, query, plane } = this.call;
    const withHeader = !this.#isHeaderSent;
    this.#isHeaderSent = true;
    const include = (query.get('includeObject') ?? 'Metadata') as IncludeObject;
    const metadata = { resourceVersion: object.metadata.resourceVersion ?? '' };
    return tableOf(resource, [object], metadata, { include, nowMs: plane.clock.now(), withHeader });
  }

  #sendBookmark(annotations?: Record<string, string>): void {
    const { plane, resource } = this.call;
    const { kind } = resource;
    this.#toldVersion = Math.max(this.#toldVersion, plane.store.resourceVersion);
    const metadata = {
      creationTimestamp: null,
      resourceVersion: String(this.#toldVersion),
      ...(annotations === undefined ? {} : { annotations }),
    };
    const forms = {
      table: () => this.#bookmarkTable(metadata),
      partial: () => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }),
      object: () => ({ kind, apiVersion: apiVersionOf(resource), metadata }),
    };
    const object = forms[this.call.form]();
    this.#write(`{"type":"BOOKMARK","object":${formatJson(object)}}\n`);
  }

  #bookmarkTable(metadata: { readonly resourceVersion: string }) {
    return {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      columnDefinitions: [],
      rows: [],
    };
  }

  async #waitForEnd(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.call.plane;
    const endMs = clock.now() + timeoutMs;
    const isOver = () => signal.aborted || clock.now() >= endMs;
    while (!isOver()) {
      const leftMs = endMs - clock.now();
      const beforeEndMs = this.allowsBookmarks ? leftMs - BOOKMARK_BEFORE_END_MS : 0;
      await clock.sleep(
        beforeEndMs > 0 ? Math.min(beforeEndMs, BOOKMARK_INTERVAL_MS) : leftMs,
        signal,
      );
      if (beforeEndMs > 0 && !isOver()) this.#sendBookmark();
    }
  }
}
