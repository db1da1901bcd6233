/**
 * The store: every object, the versions it went through lately, and who is told of changes.
 *
 * Verbs read and write here; the journal below makes it last. A write is decided on what is `latest` (changes on their
 * way to disk included), which makes read-decide-write safe without locks as long as it happens in one turn; readers
 * and watchers see a change only once it is on disk. Promises resourceVersions that only grow, over restarts too.
 */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { parseJson } from '../json/json.js';
import { PdrError } from '../../../support/errors.js';
import { History } from './history.js';
import type { Journal, Put } from './journal.js';
import { LatelyRead } from './lately-read.js';
import { orderOf, StoredRecord, versioned, type ChangeEvent, type RecordKey } from './record.js';

const OBJECT_PREFIX = 'o/';
const VERSION_KEY = 'm/resourceVersion';

class Collection {
  readonly records = new Map<string, StoredRecord>();
  #sorted: StoredRecord[] | undefined;

  get sorted(): readonly StoredRecord[] {
    return (this.#sorted ??= [...this.records.values()].sort(byOrder));
  }

  set(record: StoredRecord): void {
    const order = orderOf(record.key);
    const isNew = !this.records.has(order);
    this.records.set(order, record);
    if (isNew) this.#sorted = undefined;
    else this.#replaceSorted(record);
  }

  delete(key: RecordKey): void {
    this.records.delete(orderOf(key));
    this.#sorted = undefined;
  }

  #replaceSorted(record: StoredRecord): void {
    const sorted = this.#sorted;
    if (sorted === undefined) return;
    const at = lowerBound(sorted, orderOf(record.key));
    // Lists in flight hold the old array: leave theirs alone.
    this.#sorted = sorted.with(at, record);
  }
}

export class Store {
  readonly #collections = new Map<string, Collection>();
  /** Changes on their way to disk: the newest per object, undefined for a deletion. */
  readonly #pending = new Map<
    string,
    { record: StoredRecord | undefined; resourceVersion: number }
  >();
  readonly #latelyRead = new LatelyRead();
  readonly #listeners = new Set<(event: ChangeEvent) => void>();
  #assignedVersion = 0;
  #visibleVersion = 0;

  private constructor(
    private readonly journal: Journal,
    readonly history: History,
  ) {}

  static async load(journal: Journal, directory: string, history = new History()): Promise<Store> {
    const store = new Store(journal, history);
    for await (const [key, value] of journal.read()) {
      try {
        store.#restore(key, value);
      } catch (cause) {
        const detail = `the entry ${key} is damaged`;
        throw new PdrError('PDR1004', { subject: directory, detail, cause });
      }
    }
    store.#assignedVersion = store.#visibleVersion = Math.max(store.#visibleVersion, 1);
    history.begin(store.#visibleVersion);
    return store;
  }

  /** The version of the newest change that readers see. */
  get resourceVersion(): number {
    return this.#visibleVersion;
  }

  get(key: RecordKey): StoredRecord | undefined {
    return this.#collections.get(key.resource)?.records.get(orderOf(key));
  }

  /** What writers decide on: the object with all changes accepted so far. */
  latest(key: RecordKey): StoredRecord | undefined {
    const pending = this.#pending.get(fullKey(key));
    return pending === undefined ? this.get(key) : pending.record;
  }

  /** All objects of a resource, or those of one namespace, in order. */
  list(resource: string, namespace?: string): readonly StoredRecord[] {
    const sorted = this.#collections.get(resource)?.sorted ?? [];
    if (namespace === undefined) return sorted;
    return sorted.slice(
      lowerBound(sorted, `${namespace}/`),
      lowerBound(sorted, `${namespace}0`), // '0' follows '/'
    );
  }

  /** As `list`, but with the changes that are on their way to disk. */
  latestOf(resource: string, namespace?: string): StoredRecord[] {
    const pending = [...this.#pending.values()].flatMap(({ record }) =>
      record?.key.resource === resource &&
      (namespace === undefined || record.key.namespace === namespace)
        ? [record]
        : [],
    );
    const settled = this.list(resource, namespace).filter(
      ({ key }) => !this.#pending.has(fullKey(key)),
    );
    return [...settled, ...pending];
  }

  resources(): string[] {
    return [...this.#collections.keys()];
  }

  /** Stores the object under the next resourceVersion; resolves with it once it is on disk. */
  async put(key: RecordKey, object: Stored): Promise<StoredRecord> {
    const previous = this.latest(key);
    const resourceVersion = (this.#assignedVersion += 1);
    const record = this.#record(key, versioned(object, resourceVersion), resourceVersion);
    const event: ChangeEvent =
      previous === undefined
        ? { type: 'ADDED', resourceVersion, record }
        : { type: 'MODIFIED', resourceVersion, record, previous };
    await this.#commit(event, record, record.json);
    return record;
  }

  /** Removes the object; resolves, once that is on disk, with the last state that it had in the store. */
  async delete(key: RecordKey): Promise<StoredRecord> {
    const previous = this.latest(key);
    if (previous === undefined) throw new Error(`${fullKey(key)} is not stored`);
    const resourceVersion = (this.#assignedVersion += 1);
    const record = previous.at(resourceVersion);
    await this.#commit({ type: 'DELETED', resourceVersion, record, previous }, undefined);
    return record;
  }

  /** Calls `listener` for each change once it is on disk, in the order of resourceVersions. */
  onChange(listener: (event: ChangeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #commit(event: ChangeEvent, next: StoredRecord | undefined, json?: string): Promise<void> {
    const { resourceVersion, record } = event;
    const key = fullKey(record.key);
    this.#pending.set(key, { record: next, resourceVersion });
    const puts: Put[] = [
      json === undefined ? { key: OBJECT_PREFIX + key } : { key: OBJECT_PREFIX + key, value: json },
      { key: VERSION_KEY, value: String(resourceVersion) },
    ];
    try {
      await this.journal.append(puts);
    } finally {
      if (this.#pending.get(key)?.resourceVersion === resourceVersion) this.#pending.delete(key);
    }
    this.#publish(event);
  }

  #publish(event: ChangeEvent): void {
    const { key } = event.record;
    if (event.type === 'DELETED') this.#collections.get(key.resource)?.delete(key);
    else this.#collection(key.resource).set(event.record);
    this.#visibleVersion = event.resourceVersion;
    this.history.add(event);
    for (const listener of this.#listeners) listener(event);
  }

  #collection(resource: string): Collection {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = new Collection();
      this.#collections.set(resource, collection);
    }
    return collection;
  }

  #restore(key: string, value: string): void {
    if (key === VERSION_KEY) {
      this.#visibleVersion = Math.max(this.#visibleVersion, Number(value));
      return;
    }
    const [resource = '', namespace = '', name = ''] = key.slice(OBJECT_PREFIX.length).split('/');
    const object = parseJson(value).value as Stored;
    const resourceVersion = Number(object.metadata.resourceVersion);
    this.#visibleVersion = Math.max(this.#visibleVersion, resourceVersion);
    this.#collection(resource).set(
      this.#record({ resource, namespace, name }, object, resourceVersion, value),
    );
  }

  #record(key: RecordKey, object: Stored, resourceVersion: number, json?: string): StoredRecord {
    return new StoredRecord(key, object, resourceVersion, json, this.#latelyRead);
  }
}

function fullKey({ resource, namespace, name }: RecordKey): string {
  return `${resource}/${namespace}/${name}`;
}

function byOrder(a: StoredRecord, b: StoredRecord): number {
  return orderOf(a.key) < orderOf(b.key) ? -1 : 1;
}

/** The index of the first record that does not come before `order`. */
export function lowerBound(sorted: readonly StoredRecord[], order: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = sorted[middle];
    if (record !== undefined && orderOf(record.key) < order) low = middle + 1;
    else high = middle;
  }
  return low;
}
