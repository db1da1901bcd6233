/**
 * The history: the latest changes, from which watches start and lists at an older resourceVersion are made.
 *
 * Kept in memory only, so it begins anew with each start of the server; who asks for what came before gets `Expired`.
 */
import { expired } from '../http/status-error.js';
import { orderOf, type ChangeEvent, type StoredRecord } from './record.js';

/** How many changes are kept, at least: minutes of a busy control plane, some 10 MB of objects that have changed since. */
const MAX_EVENTS = 4096;

export class History {
  #events: ChangeEvent[] = [];
  /** The version before the oldest change that is kept. */
  #beginning = 0;

  constructor(private readonly maxEvents = MAX_EVENTS) {}

  begin(resourceVersion: number): void {
    this.#beginning = resourceVersion;
  }

  add(event: ChangeEvent): void {
    this.#events.push(event);
    if (this.#events.length < this.maxEvents * 2) return;
    const dropped = this.#events.splice(0, this.#events.length - this.maxEvents);
    this.#beginning = dropped.at(-1)?.resourceVersion ?? this.#beginning;
  }

  /** The changes after this version, oldest first. Throws Expired when they are no longer all known. */
  since(resourceVersion: number): readonly ChangeEvent[] {
    if (resourceVersion < this.#beginning) {
      throw expired(`too old resource version: ${resourceVersion} (${this.#beginning})`);
    }
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.resourceVersion ?? 0) <= resourceVersion) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low);
  }

  /** `now` as it was at this version: the changes of the resource since then undone. Throws Expired. */
  rewind(
    now: readonly StoredRecord[],
    resourceVersion: number,
    isOfList: (record: StoredRecord) => boolean,
  ): readonly StoredRecord[] {
    const changes = this.since(resourceVersion).filter(({ record }) => isOfList(record));
    if (changes.length === 0) return now;
    const records = new Map(now.map((record) => [orderOf(record.key), record]));
    for (const { record, previous } of changes.toReversed()) {
      if (previous === undefined) records.delete(orderOf(record.key));
      else records.set(orderOf(record.key), previous);
    }
    return [...records.values()].sort((a, b) => (orderOf(a.key) < orderOf(b.key) ? -1 : 1));
  }
}
