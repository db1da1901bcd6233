/**
 * GET of a collection with `watch`: what changes, as it changes, until the timeout or until the client goes.
 *
 * With a selection an object that begins to match is ADDED and one that ceases to is DELETED. A watch is a place in the
 * history: one that is read slowly goes on from there when what was written is sent, so nothing piles up for it. One at
 * a version the history no longer holds gets one ERROR event (410 Expired) and ends.
 */
import { shownJson, shownObject } from '../resources/shown.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { invalid, notSupported, StatusError } from '../http/status-error.js';
import { formatJson } from '../json/json.js';
import { apiVersionOf } from '../resources/resource.js';
import type { ChangeEvent, StoredRecord } from '../storage/record.js';
import { partialOf, readInclude, tableOf } from '../tables/table.js';
import type { Answer, Call, Sink } from './call.js';
import { readBoolean, readInteger } from './options.js';
import { readSelection, type Selection } from './selection.js';

const MIN_TIMEOUT_SECONDS = 1800;
const BOOKMARK_INTERVAL_MS = 60_000;
/** A last bookmark goes out this long before the end, so that the next watch starts from there. */
const BOOKMARK_BEFORE_END_MS = 2000;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
/** How much of the state goes out in one write: one for each object would take longer than to make it. */
const CHUNK_LENGTH = 16 * 1024;

type EventType = ChangeEvent['type'] | 'BOOKMARK';

export function watch(call: Call): Answer {
  const { query } = call;
  const selection = readSelection(call);
  const start = readStart(query);
  const timeoutSeconds = readInteger(query, 'timeoutSeconds') ?? 0;
  const timeoutMs =
    1000 * (timeoutSeconds > 0 ? timeoutSeconds : MIN_TIMEOUT_SECONDS * (1 + Math.random()));
  const stream = new WatchStream(call, selection, start, readBoolean(query, 'allowWatchBookmarks'));
  return { kind: 'stream', follow: (sink) => stream.follow(sink, timeoutMs) };
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
  const forbid = (detail: string) =>
    invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, [
      { type: 'Forbidden', field: 'resourceVersionMatch', detail },
      ...(['', 'NotOlderThan'].includes(match)
        ? []
        : [notSupported('resourceVersionMatch', match, ['NotOlderThan'])]),
    ]);
  const sendsInitialEvents = query.has('sendInitialEvents');
  if ((query.get('continue') ?? '') !== '')
    throw forbid('resourceVersionMatch is forbidden when continue is provided');
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
  /** The version up to which the client has been told. */
  #toldVersion: number;
  #isHeaderSent = false;
  /** Whether changes wait in the history until the client has read what was written. */
  #isBehind = true;
  #fallBehind: () => void = () => undefined;

  constructor(
    private readonly call: Call,
    private readonly selection: Selection,
    private readonly start: Start,
    private readonly allowsBookmarks: boolean,
  ) {
    this.#toldVersion = start.version ?? call.plane.store.resourceVersion;
  }

  async follow(sink: Sink, timeoutMs: number): Promise<void> {
    const { plane, resource } = this.call;
    const stop = plane.hub.watch(resource.storage, (event) => {
      if (this.#isBehind || this.#tell(sink, event)) return;
      this.#isBehind = true;
      this.#fallBehind();
    });
    try {
      await Promise.race([this.#tellAll(sink), this.#waitForEnd(sink, timeoutMs)]);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      sink.write(`{"type":"ERROR","object":${formatJson(error.toStatus())}}\n`);
    } finally {
      stop();
      sink.close();
    }
  }

  /** The state, where it is asked for, then what changes: as it changes, or, while the client is behind, as it reads. */
  async #tellAll(sink: Sink): Promise<void> {
    if (this.start.version === undefined) await this.#sendState(sink);
    while (!sink.signal.aborted) {
      if (!(await this.#tellMissed(sink))) continue;
      const behind = new Promise<void>((resolve) => (this.#fallBehind = resolve));
      this.#isBehind = false;
      await behind;
      await sink.drained();
    }
  }

  async #sendState(sink: Sink): Promise<void> {
    const { plane, resource, namespace } = this.call;
    const scope = resource.isNamespaced && namespace !== '' ? namespace : undefined;
    const records = plane.store.list(resource.storage, scope);
    this.#toldVersion = plane.store.resourceVersion;
    let chunk = '';
    for (const record of records) {
      if (!this.#matches(record)) continue;
      chunk += this.#lineOf('ADDED', record);
      if (chunk.length < CHUNK_LENGTH) continue;
      if (!sink.write(chunk)) await sink.drained();
      if (sink.signal.aborted) return;
      chunk = '';
    }
    if (this.start.sendsInitialEvents && this.allowsBookmarks)
      chunk += this.#bookmarkLine({ [INITIAL_EVENTS_END]: 'true' });
    if (chunk !== '' && !sink.write(chunk)) await sink.drained();
  }

  /** Whether the client has been told everything; false when it has to read first. Throws Expired. */
  async #tellMissed(sink: Sink): Promise<boolean> {
    const { plane, resource } = this.call;
    for (const event of plane.store.history.since(this.#toldVersion)) {
      if (event.record.key.resource !== resource.storage || this.#tell(sink, event)) continue;
      await sink.drained();
      return false;
    }
    return true;
  }

  /** Whether the client keeps up. */
  #tell(sink: Sink, event: ChangeEvent): boolean {
    if (event.resourceVersion <= this.#toldVersion) return true;
    this.#toldVersion = event.resourceVersion;
    const line = this.#lineOfChange(event);
    return line === undefined || sink.write(line);
  }

  #lineOfChange(event: ChangeEvent): string | undefined {
    const { namespace } = this.call;
    const { record, previous } = event;
    if (namespace !== '' && record.key.namespace !== namespace) return undefined;
    const isMatch = event.type !== 'DELETED' && this.#matches(record);
    const wasMatch = previous !== undefined && this.#matches(previous);
    if (isMatch) return this.#lineOf(wasMatch ? 'MODIFIED' : 'ADDED', record);
    if (!wasMatch) return undefined;
    if (event.type === 'DELETED') return this.#lineOf('DELETED', record);
    // What no longer matches goes as it was while it did, so that selectors of the client know it.
    return this.#lineOf('DELETED', previous.at(event.resourceVersion));
  }

  #matches(record: StoredRecord): boolean {
    const { selection, call } = this;
    return selection.isEverything || selection.matches(shownObject(call.resource, record));
  }

  #lineOf(type: EventType, record: StoredRecord): string {
    return `{"type":"${type}","object":${this.#jsonOf(record)}}\n`;
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
    const include = readInclude(query);
    const metadata = { resourceVersion: object.metadata.resourceVersion ?? '' };
    return tableOf(resource, [object], metadata, { include, nowMs: plane.clock.now(), withHeader });
  }

  /** Says up to where everything has been told; while that is not so, nothing. */
  #sendBookmark(sink: Sink): void {
    if (this.#isBehind) return;
    this.#toldVersion = Math.max(this.#toldVersion, this.call.plane.store.resourceVersion);
    sink.write(this.#bookmarkLine());
  }

  #bookmarkLine(annotations?: Record<string, string>): string {
    const { resource } = this.call;
    const { kind } = resource;
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
    return `{"type":"BOOKMARK","object":${formatJson(object)}}\n`;
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

  async #waitForEnd(sink: Sink, timeoutMs: number): Promise<void> {
    const { signal } = sink;
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
      if (beforeEndMs > 0 && !isOver()) this.#sendBookmark(sink);
    }
  }
}
