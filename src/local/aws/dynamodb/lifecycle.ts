/**
 * The life of a table between requests: what was asked for becomes true in steps, each stored before the next.
 *
 * An operation only writes down what is wanted (`CREATING`, an index to fill, a member to make) and calls `advance`; the steps
 * go on after a restart, and when regions that could not see each other are connected again.
 */
import type { Cloud } from '../cloud.js';
import type { Arrivals } from './items/arrival.js';
import { indexPrefix, itemPrefix, tombstonePrefix, type ItemStorage } from './items/storage.js';
import { adopt, type Sharing } from './sharing.js';
import { otherMembers, type Member, type TableRecord } from './table-record.js';
import type { Tables } from './tables.js';

/** How long a table stays in CREATING, UPDATING or DELETING: enough to be seen, too short to be waited for. */
const SETTLE_MS = 40;

export class Lifecycle {
  private readonly working = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private stopWatching = (): void => undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
    private readonly storage: ItemStorage,
    private readonly arrivals: Arrivals,
    private readonly sharing: Sharing,
  ) {}

  start(): void {
    this.stopWatching = this.cloud.network.onChange(() => {
      this.advanceAll();
    });
    this.advanceAll();
  }

  async stop(): Promise<void> {
    this.stopWatching();
    this.stopping.abort();
    while (this.working.size > 0) await Promise.all(this.working.values());
  }

  /** Takes the table to what is wanted of it, as far as the network allows now. */
  advance(table: TableRecord): void {
    if (this.stopping.signal.aborted) return;
    const before = this.working.get(table.id);
    const work = (before ?? Promise.resolve())
      .then(() => this.settle(table))
      .catch((error: unknown) => {
        this.cloud.log.error('a table cannot be settled', { table: table.name, error });
      })
      .finally(() => {
        if (this.working.get(table.id) === work) this.working.delete(table.id);
      });
    this.working.set(table.id, work);
  }

  private advanceAll(): void {
    for (const table of this.tables.all()) this.advance(table);
  }

  private current(table: TableRecord): TableRecord | undefined {
    const current = this.tables.find(table.region, table.name);
    return current?.id === table.id ? current : undefined;
  }

  private async settle(table: TableRecord): Promise<void> {
    if (this.current(table)?.status !== 'ACTIVE') {
      await this.cloud.clock.sleep(SETTLE_MS, this.stopping.signal);
    }
    const steps: ((current: TableRecord) => Promise<void>)[] = [
      (current) => this.purge(current),
      (current) => this.fillMembers(current),
      (current) => this.removeMembers(current),
      (current) => this.share(current),
      (current) => this.dropIndexes(current),
      (current) => this.fillIndexes(current),
      (current) => this.rest(current),
    ];
    for (const step of steps) {
      const current = this.current(table);
      if (current === undefined || this.stopping.signal.aborted) return;
      await step(current);
    }
  }

  /** DELETING: the data goes first, so that a crash leaves a table that is still being deleted. */
  private async purge(table: TableRecord): Promise<void> {
    if (table.status !== 'DELETING') return;
    await this.storage.clear(itemPrefix(table.id));
    await this.storage.clear(tombstonePrefix(table.id));
    await this.storage.clear(indexPrefix(table.id, '').slice(0, -1));
    await this.tables.remove(table);
    // Who asked for the removal of a replica waits until it is gone.
    for (const other of this.tables.all()) {
      if (otherMembers(other).some(({ tableId }) => tableId === table.id)) this.advance(other);
    }
  }

  /**
   * Gives new replicas what is here. Every member does: a write that only it has, or a deletion, may have come before it heard of
   * the replica. The member that was asked for the replica makes it, and says when it is filled.
   */
  private async fillMembers(table: TableRecord): Promise<void> {
    for (const member of otherMembers(table)) {
      if (!table.fillingMembers.includes(member.tableId)) continue;
      if (!this.cloud.network.isConnected(table.region, member.region)) continue;
      const isFounder = member.status === 'CREATING' && member.by === table.region;
      const known = this.tables.find(member.region, table.name);
      const replica = known ?? (isFounder ? await this.found(table, member) : undefined);
      if (replica?.id !== member.tableId) continue;
      await this.cloud.clock.sleep(
        this.cloud.network.lagMs(table.region, member.region),
        this.stopping.signal,
      );
      await this.arrivals.copy(table, replica);
      await this.tables.change(table, (current) => ({
        ...current,
        fillingMembers: current.fillingMembers.filter((id) => id !== member.tableId),
      }));
      if (isFounder) await this.declareFilled(table, member);
    }
  }

  private async declareFilled(table: TableRecord, member: Member): Promise<void> {
    await this.sharing.change(table, (shared) => ({
      ...shared,
      members: shared.members.map((other) =>
        other.tableId === member.tableId ? { ...other, status: 'ACTIVE' as const } : other,
      ),
    }));
    const seededAtMs = this.cloud.clock.now();
    await this.tables.change(table, (current) => ({ ...current, seededAtMs }));
  }

  private async found(table: TableRecord, member: Member): Promise<TableRecord> {
    const nowMs = this.cloud.clock.now();
    const replica: TableRecord = {
      name: table.name,
      region: member.region,
      accountId: table.accountId,
      id: member.tableId,
      group: table.group,
      status: 'CREATING',
      createdAtMs: nowMs,
      streamLabel: new Date(nowMs).toISOString().slice(0, -1),
      shared: table.shared,
      fillingMembers: [],
      fillingIndexes: [],
      droppedIndexes: [],
      tags: {},
      deletionProtection: false,
      tableClass: member.tableClass ?? table.tableClass,
    };
    await this.tables.save(replica);
    return replica;
  }

  /** Deletes the replicas whose removal was asked for here, and forgets them once they are gone. */
  private async removeMembers(table: TableRecord): Promise<void> {
    for (const member of otherMembers(table)) {
      if (member.status !== 'DELETING' || member.by !== table.region) continue;
      if (!this.cloud.network.isConnected(table.region, member.region)) continue;
      const replica = this.tables.find(member.region, table.name);
      if (replica?.id === member.tableId) {
        const deleting = await this.tables.change(replica, (current) => ({
          ...current,
          status: 'DELETING',
        }));
        this.advance(deleting);
        continue;
      }
      await this.sharing.change(table, (shared) => ({
        ...shared,
        members: shared.members.filter((other) => other.tableId !== member.tableId),
      }));
    }
  }

  /** Tells the replicas that can be reached what has changed. */
  private async share(table: TableRecord): Promise<void> {
    for (const replica of this.tables.replicas(table)) {
      if (replica.region === table.region) continue;
      if (!this.cloud.network.isConnected(table.region, replica.region)) continue;
      if (replica.shared.changedAtMs >= table.shared.changedAtMs) continue;
      const adopted = await this.tables.change(replica, (current) => adopt(current, table.shared));
      this.advance(adopted);
    }
  }

  private async fillIndexes(table: TableRecord): Promise<void> {
    for (const index of table.fillingIndexes) {
      await this.arrivals.fill(table, index);
      await this.tables.change(table, (current) => ({
        ...current,
        fillingIndexes: current.fillingIndexes.filter((name) => name !== index),
      }));
    }
  }

  private async dropIndexes(table: TableRecord): Promise<void> {
    for (const { IndexName } of table.droppedIndexes) {
      await this.storage.clear(indexPrefix(table.id, IndexName));
      await this.tables.change(table, (current) => ({
        ...current,
        droppedIndexes: current.droppedIndexes.filter((index) => index.IndexName !== IndexName),
      }));
    }
  }

  private async rest(table: TableRecord): Promise<void> {
    if (table.status !== 'CREATING' && table.status !== 'UPDATING') return;
    const isUnsettled = table.shared.members.some(
      ({ status, region, by }) =>
        (region === table.region && status === 'CREATING') ||
        (by === table.region && status !== 'ACTIVE'),
    );
    if (isUnsettled) return;
    await this.tables.change(table, (current) => ({ ...current, status: 'ACTIVE' }));
  }
}
