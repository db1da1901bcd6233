/** DescribeTable and ListTables. */
import type { DescribeTableCommandInput, ListTablesCommandInput } from '@aws-sdk/client-dynamodb';
import { describeTable } from '../describe-table.js';
import { needsTable, tableOf, type Operation } from '../operation.js';
import { validationError } from '../tables.js';

const MAX_LISTED = 100;

export const describeTableOperation: Operation<DescribeTableCommandInput> = {
  needs: needsTable,
  async perform(db, call) {
    const table = tableOf(db, call);
    return { Table: describeTable(table, await db.items.size(table)) };
  },
};

export const listTables: Operation<ListTablesCommandInput> = {
  needs: () => [{ resource: '*' }],
  perform(db, { region, input }) {
    const limit = input.Limit ?? MAX_LISTED;
    if (limit < 1 || limit > MAX_LISTED) {
      throw validationError(
        `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and ${MAX_LISTED}`,
      );
    }
    const names = db.tables
      .inRegion(region)
      .map(({ name }) => name)
      .filter((name) => name > (input.ExclusiveStartTableName ?? ''));
    const page = names.slice(0, limit);
    return Promise.resolve({
      TableNames: page,
      ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }),
    });
  },
};
