/**
 * Commit: one atomic batch of what a transaction wrote: the items with their versions, tombstones where replicas must hear of
 * a deletion, index entries, and a debt to every replica that has to be told.
 *
 * The version of a write is the region's time, raised above the version it replaces: a clock that runs behind cannot make an
 * acknowledged write lose against what its writer has seen.
 */
import type { Clock } from '../../../../support/clock.js';
import { otherMembers, type TableRecord } from '../table-record.js';
import {
  debtPrefix,
  itemPrefix,
  tombstonePrefix,
  type Change,
  type Debt,
  type ItemStorage,
  type StoredItem,
  type Version,
} from './storage.js';
import type { ItemTransaction } from './transaction.js';

const MICROSECONDS_PER_MS = 1000;

export class Committer {
  private constructor(
    private readonly storage: ItemStorage,
    private readonly clock: Clock,
    /** Told which region owes which other one something, once it is on disk. */
    private readonly owed: (from: string, to: string) => void,
    private sequence: number,
  ) {}

  static async open(
    storage: ItemStorage,
    clock: Clock,
    owed: (from: string, to: string) => void,
  ): Promise<Committer> {
    const sequences = (await storage.keys('debt!')).map((key) => Number(key.split('!').at(-1)));
    const last = sequences.reduce((most, sequence) => Math.max(most, sequence), 0);
    return new Committer(storage, clock, owed, last);
  }

  async commit(transaction: ItemTransaction, alongside: readonly Change[] = []): Promise<void> {
    const committedAtMs = this.clock.now();
    const changes: Change[] = [...transaction.indexWrites, ...alongside];
    const told = new Map<string, string>();
    for (const { table, key, item } of transaction.writes.values()) {
      const before = this.storage.stored(table.id, key);
      if (item === undefined && before?.item === undefined) continue;
      const version = after(before?.version, table.region, committedAtMs);
      const stored: StoredItem = item === undefined ? { version } : { version, item };
      changes.push(...toChanges(table, key, stored));
      for (const { region, tableId, status } of otherMembers(table)) {
        if (status === 'DELETING') continue;
        const debt: Debt = { tableName: table.name, tableId, key, stored, committedAtMs };
        changes.push({ key: this.nextDebtKey(table.region, region), value: debt });
        told.set(region, table.region);
      }
    }
    if (changes.length === 0) return;
    await this.storage.commit(changes, { sync: true });
    for (const [to, from] of told) this.owed(from, to);
  }

  private nextDebtKey(from: string, to: string): string {
    this.sequence += 1;
    return debtPrefix(from, to) + String(this.sequence).padStart(16, '0');
  }
}

/** What storing a version of an item changes: a deletion is remembered where other replicas may still send older writes. */
export function toChanges(table: TableRecord, key: string, stored: StoredItem): Change[] {
  const item = itemPrefix(table.id) + key;
  const tombstone = tombstonePrefix(table.id) + key;
  if (stored.item !== undefined) return [{ key: item, value: stored }, { key: tombstone }];
  const isGlobal = table.shared.members.length > 1;
  return [{ key: item }, isGlobal ? { key: tombstone, value: stored } : { key: tombstone }];
}

function after(before: Version | undefined, region: string, nowMs: number): Version {
  const now = nowMs * MICROSECONDS_PER_MS;
  return { at: before === undefined ? now : Math.max(now, before.at + 1), region };
}
