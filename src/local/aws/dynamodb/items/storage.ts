/**
 * Items on disk: one LevelDB under the tables of all regions, so that a write, its index entries and what it owes to other
 * regions are one atomic batch, and so is the arrival of such a debt with its discharge.
 *
 * A batch is synced to disk before `commit` resolves, unless the caller can redo it after a crash.
 */
import { ClassicLevel } from 'classic-level';
import type { Readable } from 'node:stream';
import { Readable as ReadableStream } from 'node:stream';

/** An item as the wire has it: attribute name → one type → value. */
export type Item = Record<string, Record<string, unknown>>;

/** Which of two writes of an item came later: by time, then by region's name. */
export interface Version {
  /** Microseconds since the epoch; above the version it replaces even when the clock is not. */
  readonly at: number;
  readonly region: string;
}

export interface StoredItem {
  readonly version: Version;
  /** Absent for a tombstone: the item was deleted in that version. */
  readonly item?: Item;
}

/** A write that another region has not got yet. */
export interface Debt {
  readonly tableName: string;
  readonly tableId: string;
  readonly key: string;
  readonly stored: StoredItem;
  /** Milliseconds since the epoch. */
  readonly committedAtMs: number;
}

export interface Change {
  readonly key: string;
  /** Absent deletes the key. */
  readonly value?: unknown;
}

export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** Sorts after every key that begins as the prefix does: keys are ASCII. */
const END = '\u00ff';

export const itemPrefix = (tableId: string) => `item!${tableId}!`;
export const tombstonePrefix = (tableId: string) => `tombstone!${tableId}!`;
export const indexPrefix = (tableId: string, index: string) => `index!${tableId}!${index}!`;
export const debtPrefix = (from: string, to: string) => `debt!${from}!${to}!`;

export class ItemStorage {
  private constructor(private readonly level: ClassicLevel<string, unknown>) {}

  static async open(directory: string): Promise<ItemStorage> {
    const level = new ClassicLevel<string, unknown>(directory, { valueEncoding: 'json' });
    await level.open();
    return new ItemStorage(level);
  }

  get(key: string): unknown {
    return this.level.getSync(key);
  }

  /** The item's last version, tombstones included. */
  stored(tableId: string, key: string): StoredItem | undefined {
    return (this.get(itemPrefix(tableId) + key) ?? this.get(tombstonePrefix(tableId) + key)) as
      StoredItem | undefined;
  }

  async commit(changes: readonly Change[], options: { readonly sync: boolean }): Promise<void> {
    await this.level.batch(
      changes.map(({ key, value }) =>
        value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
      ),
      options,
    );
  }

  /** The entries whose key begins with `prefix`, in the order of keys; keys come without it. */
  async *entries<T>(prefix: string, limit = -1): AsyncGenerator<readonly [string, T]> {
    const iterator = this.level.iterator({ gte: prefix, lt: prefix + END, limit });
    for await (const [key, value] of iterator) yield [key.slice(prefix.length), value as T];
  }

  async keys(prefix: string, range: Range = {}): Promise<string[]> {
    return this.level.keys(bounds(prefix, range)).all();
  }

  values(prefix: string, range: Range, map: (value: unknown) => unknown): Readable {
    const values = this.level.values(bounds(prefix, range));
    return ReadableStream.from(
      (async function* () {
        for await (const value of values) yield map(value);
      })(),
    );
  }

  async has(prefix: string): Promise<boolean> {
    return (await this.keys(prefix, { limit: 1 })).length > 0;
  }

  clear(prefix: string): Promise<void> {
    return this.level.clear({ gte: prefix, lt: prefix + END });
  }

  close(): Promise<void> {
    return this.level.close();
  }
}

function bounds(prefix: string, range: Range): Range {
  const { gt, gte, lt, lte, ...rest } = range;
  return {
    ...rest,
    ...(gt === undefined ? { gte: prefix + (gte ?? '') } : { gt: prefix + gt }),
    ...(lte === undefined
      ? { lt: lt === undefined ? prefix + END : prefix + lt }
      : { lte: prefix + lte }),
  };
}

export function isLater(one: Version, other: Version): boolean {
  return one.at === other.at ? one.region > other.region : one.at > other.at;
}
