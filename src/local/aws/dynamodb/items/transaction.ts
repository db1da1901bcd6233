/**
 * A view of one region's items in which writes are gathered and committed together: the store that dynalite's actions work on.
 *
 * Reads see the transaction's own writes. Nothing is stored until `commit.ts` turns `writes` and `indexWrites` into a batch,
 * so an action that fails half-way leaves nothing behind. The caller holds the locks of the keys it writes.
 */
import type { Readable } from 'node:stream';
import { toSchema, type TableRecord } from '../table-record.js';
import {
  indexPrefix,
  itemPrefix,
  type Change,
  type Item,
  type ItemStorage,
  type Range,
  type StoredItem,
} from './storage.js';

type Callback<T = void> = (error: Error | null, value?: T) => void;

/** AWS's limit: 400 KB. */
const MAX_ITEM_BYTES = 409_600;

export interface Write {
  readonly table: TableRecord;
  readonly key: string;
  /** Absent where the item is deleted. */
  readonly item: Item | undefined;
}

export class ItemTransaction {
  /** Read by dynalite's validation. */
  readonly options = { maxItemSize: MAX_ITEM_BYTES };
  readonly writes = new Map<string, Write>();
  readonly indexWrites: Change[] = [];

  constructor(
    private readonly storage: ItemStorage,
    private readonly tableOf: (name: string) => TableRecord,
  ) {}

  getTable(name: string, ...rest: [unknown, Callback<object>] | [Callback<object>]): void {
    const done = rest[rest.length - 1] as Callback<object>;
    let schema: object;
    try {
      schema = toSchema(this.tableOf(name));
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, schema);
  }

  getItemDb(name: string) {
    const table = this.tableOf(name);
    const prefix = itemPrefix(table.id);
    const write = (key: string, item: Item | undefined, done: Callback) => {
      this.writes.set(prefix + key, { table, key, item });
      done(null);
    };
    return {
      // The caller of the transaction holds the lock.
      lock: (_key: string, work: (release: (done: Callback) => Callback) => void) =>
        work((done) => done),
      get: (key: string, done: Callback<Item>) => done(null, this.read(prefix + key)),
      put: (key: string, item: Item, done: Callback) => write(key, item, done),
      del: (key: string, done: Callback) => write(key, undefined, done),
      createValueStream: (range: Range): Readable =>
        this.storage.values(prefix, range, (value) => (value as StoredItem).item),
    };
  }

  getIndexDb(_kind: string, name: string, index: string) {
    const prefix = indexPrefix(this.tableOf(name).id, index);
    const write = (change: Change, done: Callback) => {
      this.indexWrites.push(change);
      done(null);
    };
    return {
      put: (key: string, item: Item, done: Callback) =>
        write({ key: prefix + key, value: item }, done),
      del: (key: string, done: Callback) => write({ key: prefix + key }, done),
      createValueStream: (range: Range): Readable =>
        this.storage.values(prefix, range, (value) => value),
    };
  }

  /** What this transaction makes of the item, `undefined` where it writes none or deletes it. */
  written(table: TableRecord, key: string): Item | undefined {
    return this.writes.get(itemPrefix(table.id) + key)?.item;
  }

  private read(key: string): Item | undefined {
    const written = this.writes.get(key);
    if (written !== undefined) return written.item;
    return (this.storage.get(key) as StoredItem | undefined)?.item;
  }
}
