/**
 * Arrival: how versions of items that were written elsewhere, or earlier, come into a region's table.
 *
 * Of two versions the later one stays, whichever arrives first; so arriving twice, or out of turn, changes nothing.
 */
import type { KeyLocks } from '../../state/key-locks.js';
import type { TableRecord } from '../table-record.js';
import { lockKey } from './lock-key.js';
import {
  isLater,
  itemPrefix,
  tombstonePrefix,
  type Change,
  type ItemStorage,
  type StoredItem,
} from './storage.js';
import { arrivalChanges, indexChanges } from './version-changes.js';

/** How many items move in one batch, under one set of locks. */
const BATCH = 128;

export class Arrivals {
  constructor(
    private readonly storage: ItemStorage,
    private readonly locks: KeyLocks,
  ) {}

  /** Stores those that are later than what is there, together with `alongside`. */
  async arrive(
    table: TableRecord,
    versions: readonly (readonly [string, StoredItem])[],
    alongside: readonly Change[] = [],
  ): Promise<void> {
    const latest = new Map<string, StoredItem>();
    for (const [key, stored] of versions) {
      const other = latest.get(key);
      if (other === undefined || isLater(stored.version, other.version)) latest.set(key, stored);
    }
    const keys = [...latest.keys()].map((key) => lockKey(table, key));
    await this.locks.hold(keys, async () => {
      const changes: Change[] = [...alongside];
      for (const [key, stored] of latest) {
        changes.push(...arrivalChanges(this.storage, table, key, stored));
      }
      // After a crash the sender still has what this batch took from it.
      await this.storage.commit(changes, { sync: false });
    });
  }

  /** Everything one table has, tombstones too, arrives in another: a new replica. */
  async copy(from: TableRecord, to: TableRecord): Promise<void> {
    for (const prefix of [itemPrefix(from.id), tombstonePrefix(from.id)]) {
      for await (const batch of this.batches(prefix)) await this.arrive(to, batch);
    }
  }

  /** Gives an index its entries for the items that were there before it. */
  async fill(table: TableRecord, index: string): Promise<void> {
    const indexes = table.shared.globalIndexes.filter(({ IndexName }) => IndexName === index);
    for await (const batch of this.batches(itemPrefix(table.id))) {
      const keys = batch.map(([key]) => key);
      await this.locks.hold(
        keys.map((key) => lockKey(table, key)),
        async () => {
          const items = keys.map((key) => this.storage.stored(table.id, key)?.item);
          const changes = items.flatMap((item) => indexChanges(table, indexes, undefined, item));
          await this.storage.commit(changes, { sync: false });
        },
      );
    }
  }

  private async *batches(prefix: string): AsyncGenerator<[string, StoredItem][]> {
    let batch: [string, StoredItem][] = [];
    for await (const [key, stored] of this.storage.entries<StoredItem>(prefix)) {
      batch.push([key, stored]);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}
