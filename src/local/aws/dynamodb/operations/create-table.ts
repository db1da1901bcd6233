import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { AwsError } from '../../service.js';
import { describeTable } from '../describe-table.js';
import { validate } from '../items/dynalite-actions.js';
import { needsTable, refuse, tableNameOf, type Operation } from '../operation.js';
import type { SharedSettings, TableRecord } from '../table-record.js';
import { checkTags } from './tags.js';
import { checkClass, encryptionOf, streamViewOf } from './table-settings.js';

const EMPTY = { items: 0, bytes: 0 };

/** Makes a table in one region; replicas are added by UpdateTable. */
export const createTable: Operation<CreateTableCommandInput> = {
  needs: needsTable,
  async perform(db, { region, accountId, input }) {
    refuse(input, [
      'WarmThroughput',
      'ResourcePolicy',
      'OnDemandThroughput',
      'GlobalTableSourceArn',
      'GlobalTableSettingsReplicationMode',
    ]);
    const name = tableNameOf(input.TableName);
    const valid = validate('CreateTable', { ...input, TableName: name }) as ValidTable;
    checkClass(input.TableClass);
    const tags = checkTags(input.Tags ?? []);
    const nowMs = db.cloud.clock.now();
    const streamView = streamViewOf(input.StreamSpecification);
    const existing = db.tables.find(region, name);
    if (existing !== undefined) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
    }
    const id = randomUUID();
    const table: TableRecord = {
      name,
      region,
      accountId,
      id,
      group: id,
      status: 'CREATING',
      createdAtMs: nowMs,
      ...(streamView !== undefined && { streamLabel: new Date(nowMs).toISOString().slice(0, -1) }),
      shared: {
        changedAtMs: nowMs,
        attributes: valid.AttributeDefinitions,
        keys: valid.KeySchema,
        globalIndexes: valid.GlobalSecondaryIndexes ?? [],
        localIndexes: valid.LocalSecondaryIndexes ?? [],
        billing: {
          mode: valid.BillingMode ?? 'PROVISIONED',
          throughput: valid.ProvisionedThroughput,
        },
        streamView,
        encryption: encryptionOf(input.SSESpecification, region, accountId),
        members: [{ region, tableId: id, status: 'ACTIVE', by: region }],
      },
      fillingMembers: [],
      fillingIndexes: [],
      droppedIndexes: [],
      tags,
      deletionProtection: input.DeletionProtectionEnabled ?? false,
      tableClass: input.TableClass,
    };
    await db.tables.save(table);
    db.lifecycle.advance(table);
    return { TableDescription: describeTable(table, EMPTY) };
  },
};

/** The request as dynalite's validation leaves it: every member present that AWS requires. */
interface ValidTable extends Record<string, unknown> {
  readonly AttributeDefinitions: SharedSettings['attributes'];
  readonly KeySchema: SharedSettings['keys'];
  readonly GlobalSecondaryIndexes?: SharedSettings['globalIndexes'];
  readonly LocalSecondaryIndexes?: SharedSettings['localIndexes'];
  readonly BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: SharedSettings['billing']['throughput'];
}
