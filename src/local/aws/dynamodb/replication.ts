/**
 * Replication of global tables: carries each committed write of one region to the others; in strong mode only those that could not be
 * had in the write itself (`strong-consistency.ts`).
 *
 * Fed by `items/commit.ts`, which stores a debt with the write itself. One sender per pair of regions pays its debts in the order of
 * writing, each when the network's lag has passed; it waits while the regions are not connected, and goes on after a restart.
 * The receiving side keeps the later of two writes (`items/arrival.ts`). Promises delivery, in order per item; promises no bound on lag.
 */
import type { Cloud } from '../cloud.js';
import { Courier } from '../state/courier.js';
import type { Arrivals } from './items/arrival.js';
import { debtPrefix, type Debt, type ItemStorage } from './items/storage.js';
import { tableArn, type TableRecord } from './table-record.js';
import type { Tables } from './tables.js';

/** How many debts are paid in one batch. */
const BATCH = 128;
/** How long to wait for a replica that is being made. */
const REPLICA_PAUSE_MS = 10;

export class Replication {
  private readonly senders = new Map<string, Courier>();
  private readonly stopping = new AbortController();
  private stopWatching = (): void => undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
    private readonly storage: ItemStorage,
    private readonly arrivals: Arrivals,
  ) {}

  /** Takes up the debts that an earlier run left. */
  async start(): Promise<void> {
    this.stopWatching = this.cloud.network.onChange(() => {
      for (const sender of this.senders.values()) sender.wake();
    });
    const links = new Set<string>();
    for (const key of await this.storage.keys('debt!')) {
      links.add(key.split('!').slice(1, 3).join('!'));
    }
    for (const link of links) {
      const [from = '', to = ''] = link.split('!');
      this.owed(from, to);
    }
  }

  /** There is something new to carry. */
  owed(from: string, to: string): void {
    if (this.stopping.signal.aborted) return;
    const link = `${from}!${to}`;
    let sender = this.senders.get(link);
    if (sender === undefined) {
      sender = new Courier(() => this.pay(from, to), this.cloud, this.stopping.signal);
      this.senders.set(link, sender);
    }
    sender.wake();
  }

  async stop(): Promise<void> {
    this.stopWatching();
    this.stopping.abort();
    await Promise.all([...this.senders.values()].map((sender) => sender.stopped()));
  }

  /** Pays what is due now; says how long until more is, or nothing where only a wake-up can help. */
  private async pay(from: string, to: string): Promise<number | undefined> {
    const { clock, network } = this.cloud;
    if (!network.isConnected(from, to)) return undefined;
    const prefix = debtPrefix(from, to);
    const due: { readonly key: string; readonly debt: Debt }[] = [];
    let waitMs: number | undefined;
    for await (const [key, debt] of this.storage.entries<Debt>(prefix, BATCH)) {
      waitMs = debt.committedAtMs + network.lagMs(from, to) - clock.now();
      if (waitMs > 0) break;
      due.push({ key: prefix + key, debt });
    }
    for (const { tableId, tableName } of firstOfEachTable(due)) {
      const paid = due.filter(({ debt }) => debt.tableId === tableId);
      const discharge = paid.map(({ key }) => ({ key }));
      const replica = this.tables.find(to, tableName);
      if (replica?.id === tableId) {
        const versions = paid.map(({ debt }) => [debt.key, debt.stored] as const);
        await this.arrivals.arrive(replica, versions, discharge);
        this.report(replica, from, paid);
      } else if (this.isExpected(from, tableName, tableId)) {
        return REPLICA_PAUSE_MS;
      } else {
        await this.storage.commit(discharge, { sync: false });
      }
    }
    if (due.length === BATCH) return 0;
    return waitMs !== undefined && waitMs > 0 ? waitMs : undefined;
  }

  /** Whether the replica is one that is still to be made. */
  private isExpected(from: string, tableName: string, tableId: string): boolean {
    const source = this.tables.find(from, tableName);
    return (
      source?.shared.members.some(
        (member) => member.tableId === tableId && member.status === 'CREATING',
      ) ?? false
    );
  }

  private report(
    replica: TableRecord,
    from: string,
    paid: readonly { readonly debt: Debt }[],
  ): void {
    const now = this.cloud.clock.now();
    this.cloud.log.debug('replicated', { table: tableArn(replica), from, items: paid.length });
    // AWS publishes no latency for strong mode: there it is none.
    if (replica.shared.consistency === 'STRONG') return;
    for (const { debt } of paid) {
      this.cloud.metrics.record({
        region: from,
        namespace: 'AWS/DynamoDB',
        name: 'ReplicationLatency',
        dimensions: { TableName: replica.name, ReceivingRegion: replica.region },
        value: now - debt.committedAtMs,
        unit: 'Milliseconds',
      });
    }
  }
}

function firstOfEachTable(due: readonly { readonly debt: Debt }[]): Debt[] {
  return [...new Map(due.map(({ debt }) => [debt.tableId, debt])).values()];
}
