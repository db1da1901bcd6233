import type { DeleteTableCommandInput } from '@aws-sdk/client-dynamodb';
import { describeTable } from '../describe-table.js';
import { needsTable, tableOf, type Operation } from '../operation.js';
import { checkIsAtRest, protectedTable, validationError } from '../tables.js';

/** Deletes one replica with its data; the other replicas of a global table stay. */
export const deleteTable: Operation<DeleteTableCommandInput> = {
  needs: needsTable,
  async perform(db, call) {
    const table = tableOf(db, call);
    if (table.deletionProtection) throw protectedTable();
    checkIsAtRest(table);
    if (table.shared.consistency === 'STRONG') {
      throw validationError(
        'A replica of a global table with multi-Region strong consistency cannot be deleted by itself: remove the other replicas and the witness first',
      );
    }
    const { seededAtMs } = table;
    if (seededAtMs !== undefined && db.cloud.clock.now() - seededAtMs < db.sourceTableHoldMs) {
      throw validationError(
        'Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.',
      );
    }
    const size = await db.items.size(table);
    for (const replica of db.tables.replicas(table)) {
      if (replica.region === table.region) continue;
      await db.sharing.change(replica, (shared) => ({
        ...shared,
        members: shared.members.filter(({ tableId }) => tableId !== table.id),
      }));
    }
    const deleting = await db.tables.change(table, (current) => ({
      ...current,
      status: 'DELETING',
    }));
    db.lifecycle.advance(deleting);
    return { TableDescription: describeTable(deleting, size) };
  },
};
