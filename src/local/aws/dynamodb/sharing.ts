/**
 * What the replicas of a global table have in common: schema, capacity mode, encryption, time to live, streams, membership.
 *
 * A change is made in one region and adopted by the others when they can be reached (`lifecycle.ts`); the later change wins.
 */
import type { Clock } from '../../../support/clock.js';
import type { SharedSettings, TableRecord } from './table-record.js';
import type { Tables } from './tables.js';

export class Sharing {
  constructor(
    private readonly tables: Tables,
    private readonly clock: Clock,
  ) {}

  change(
    table: TableRecord,
    change: (shared: SharedSettings) => SharedSettings,
  ): Promise<TableRecord> {
    return this.tables.change(table, (current) =>
      adopt(current, {
        ...change(current.shared),
        changedAtMs: Math.max(this.clock.now(), current.shared.changedAtMs + 1),
      }),
    );
  }
}

/** The table with other shared settings: new indexes and replicas are still to be filled, indexes left out still to be emptied. */
export function adopt(table: TableRecord, shared: SharedSettings): TableRecord {
  const names = (settings: SharedSettings) =>
    settings.globalIndexes.map(({ IndexName }) => IndexName);
  const before = names(table.shared);
  const after = names(shared);
  const ids = ({ members }: SharedSettings) => members.map(({ tableId }) => tableId);
  const known = ids(table.shared);
  return {
    ...table,
    shared,
    fillingMembers: [
      ...table.fillingMembers.filter((id) => ids(shared).includes(id)),
      ...ids(shared).filter((id) => id !== table.id && !known.includes(id)),
    ],
    fillingIndexes: [
      ...table.fillingIndexes.filter((name) => after.includes(name)),
      ...after.filter((name) => !before.includes(name)),
    ],
    droppedIndexes: [
      ...table.droppedIndexes,
      ...table.shared.globalIndexes.filter(({ IndexName }) => !after.includes(IndexName)),
    ],
    ...(shared.streamView === undefined
      ? { streamLabel: undefined }
      : {
          streamLabel: table.streamLabel ?? new Date(shared.changedAtMs).toISOString().slice(0, -1),
        }),
  };
}
