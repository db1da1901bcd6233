/**
 * Strong mode (MRSC): a table in three regions, of which one may be a witness, where a write is acknowledged when a majority has it.
 *
 * A write goes to every replica that can be reached in the same commit, and is owed to the others. A strongly consistent read or a
 * write first takes what its region is owed: whatever was acknowledged reached a majority, and any two majorities share a region, so it
 * can be had even if its writer is gone. Without a majority there are no writes and no strong reads, only eventual reads.
 */
import type { Cloud, Network } from '../cloud.js';
import { AwsError } from '../service.js';
import type { Arrivals } from './items/arrival.js';
import { lockKey } from './items/lock-key.js';
import { debtPrefix, type Debt, type ItemStorage } from './items/storage.js';
import { otherMembers, type TableRecord } from './table-record.js';
import type { Tables } from './tables.js';

interface Writer {
  readonly region: string;
  /** How many of its writes are under way. */
  writes: number;
}

/** Of three regions. */
const MAJORITY = 2;

export class StrongConsistency {
  /** Where each item is being written now. */
  private readonly writers = new Map<string, Writer>();

  constructor(
    private readonly cloud: Cloud,
    private readonly storage: ItemStorage,
    private readonly arrivals: Arrivals,
  ) {}

  /** Throws ReplicatedWriteConflictException where another region is writing the item; the caller may try again. */
  async write<T>(table: TableRecord, key: string, work: () => Promise<T>): Promise<T> {
    const item = lockKey(table, key);
    const writer = this.writers.get(item) ?? { region: table.region, writes: 0 };
    if (writer.region !== table.region) {
      throw new AwsError(
        'ReplicatedWriteConflictException',
        'The request was rejected because one or more items in the request are being modified by a request in another Region.',
      );
    }
    writer.writes += 1;
    this.writers.set(item, writer);
    try {
      // No other region begins to write the item from here on, so what is taken now stays the latest.
      await this.catchUp(table);
      return await work();
    } finally {
      writer.writes -= 1;
      if (writer.writes === 0) this.writers.delete(item);
    }
  }

  /** After it the region has everything that was acknowledged anywhere. Throws InternalServerError without a majority. */
  async catchUp(table: TableRecord): Promise<void> {
    const { network, clock } = this.cloud;
    const reachable = reachableRegions(network, table);
    if (reachable.size < MAJORITY) {
      throw new AwsError(
        'InternalServerError',
        'The request could not be completed because a majority of the Regions of this table cannot be reached.',
        500,
      );
    }
    const others = [...reachable].filter((region) => region !== table.region);
    // The nearest other region makes the majority; asking it takes the way there and back.
    const lagMs = Math.min(
      ...others.map(
        (region) => network.lagMs(table.region, region) + network.lagMs(region, table.region),
      ),
    );
    if (lagMs > 0) await clock.sleep(lagMs);
    for (const { region } of otherMembers(table)) await this.take(table, region);
  }

  private async take(table: TableRecord, from: string): Promise<void> {
    const prefix = debtPrefix(from, table.region);
    for await (const [key, debt] of this.storage.entries<Debt>(prefix)) {
      if (debt.tableId !== table.id) continue;
      const discharge = [{ key: prefix + key }];
      await this.arrivals.arrive(table, [[debt.key, debt.stored]], discharge);
    }
  }
}

/** The table's regions, the witness too, that can be reached from its own, also by way of each other. */
function reachableRegions(network: Network, table: TableRecord): ReadonlySet<string> {
  const { members, witness } = table.shared;
  const regions = [
    ...members.map(({ region }) => region),
    ...(witness === undefined ? [] : [witness]),
  ];
  const reached = new Set([table.region]);
  for (const from of reached) {
    for (const to of regions) {
      // A set that grows while it is walked is walked to its new end.
      if (network.isConnected(from, to)) reached.add(to);
    }
  }
  return reached;
}

/** The replicas that take a write together with its own region: in strong mode those that can be reached. */
export function reachableReplicas(
  network: Network,
  tables: Tables,
  table: TableRecord,
): readonly TableRecord[] {
  if (table.shared.consistency !== 'STRONG') return [];
  const reachable = reachableRegions(network, table);
  return tables
    .replicas(table)
    .filter(({ region }) => region !== table.region && reachable.has(region));
}
