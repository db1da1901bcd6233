/**
 * Commit: one atomic batch of what a transaction wrote: the items with their versions, tombstones where replicas must hear of
 * a deletion, index entries, and a debt to every replica that has to be told.
 *
 * The version of a write is the region's time, raised above the version it replaces: a clock that runs behind cannot make an
 * acknowledged write lose against what its writer has seen.
 */
import type { Cloud } from '../../cloud.js';
import { otherMembers, type TableRecord } from '../table-record.js';
import {
  debtPrefix,
  type Change,
  type Debt,
  type ItemStorage,
  type StoredItem,
  type Version,
} from './storage.js';
import type { ItemTransaction } from './transaction.js';
import { arrivalChanges, toChanges } from './version-changes.js';

const MICROSECONDS_PER_MS = 1000;

/** The other replicas of a table, as a commit sees them. */
export interface Peers {
  /** Those that take a write in the commit itself: in strong mode, where they can be reached. */
  together(table: TableRecord): readonly TableRecord[];
  /** Told which region owes which other one something, once it is on disk. */
  owed(from: string, to: string): void;
}

export class Committer {
  private constructor(
    private readonly storage: ItemStorage,
    private readonly time: Pick<Cloud, 'clock' | 'clockOf'>,
    private readonly peers: Peers,
    private sequence: number,
  ) {}

  static async open(
    storage: ItemStorage,
    time: Pick<Cloud, 'clock' | 'clockOf'>,
    peers: Peers,
  ): Promise<Committer> {
    const sequences = (await storage.keys('debt!')).map((key) => Number(key.split('!').at(-1)));
    const last = sequences.reduce((most, sequence) => Math.max(most, sequence), 0);
    return new Committer(storage, time, peers, last);
  }

  async commit(transaction: ItemTransaction, alongside: readonly Change[] = []): Promise<void> {
    const committedAtMs = this.time.clock.now();
    const changes: Change[] = [...transaction.indexWrites, ...alongside];
    const told = new Map<string, string>();
    for (const { table, key, item } of transaction.writes.values()) {
      const before = this.storage.stored(table.id, key);
      if (item === undefined && before?.item === undefined) continue;
      const version = after(before?.version, table.region, this.time.clockOf(table.region).now());
      const stored: StoredItem = item === undefined ? { version } : { version, item };
      changes.push(...toChanges(table, key, stored));
      const together = this.peers.together(table);
      for (const replica of together) {
        changes.push(...arrivalChanges(this.storage, replica, key, stored));
      }
      for (const { region, tableId, status } of otherMembers(table)) {
        if (status === 'DELETING' || together.some(({ id }) => id === tableId)) continue;
        const debt: Debt = { tableName: table.name, tableId, key, stored, committedAtMs };
        changes.push({ key: this.nextDebtKey(table.region, region), value: debt });
        told.set(region, table.region);
      }
    }
    if (changes.length === 0) return;
    await this.storage.commit(changes, { sync: true });
    for (const [to, from] of told) this.peers.owed(from, to);
  }

  private nextDebtKey(from: string, to: string): string {
    this.sequence += 1;
    return debtPrefix(from, to) + String(this.sequence).padStart(16, '0');
  }
}

function after(before: Version | undefined, region: string, nowMs: number): Version {
  const now = nowMs * MICROSECONDS_PER_MS;
  return { at: before === undefined ? now : Math.max(now, before.at + 1), region };
}
