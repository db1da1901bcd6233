/**
 * The replicas that an UpdateTable adds, changes or removes.
 *
 * Only the wish is written down here, as a member in CREATING or DELETING; `lifecycle.ts` makes it true.
 */
import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { refuse, type DynamoDb } from '../operation.js';
import type { Member, SharedSettings, TableRecord } from '../table-record.js';
import { validationError } from '../tables.js';
import { checkClass } from './table-settings.js';

export function changeReplicas(
  db: DynamoDb,
  table: TableRecord,
  shared: SharedSettings,
  input: UpdateTableCommandInput,
): Promise<SharedSettings> {
  if (input.MultiRegionConsistency === 'STRONG' || input.GlobalTableWitnessUpdates !== undefined) {
    throw validationError('Multi-Region strong consistency is not supported by the local DynamoDB');
  }
  let changed = shared;
  for (const { Create, Update, Delete } of input.ReplicaUpdates ?? []) {
    const named = [Create, Update, Delete].filter((action) => action !== undefined);
    const region = named[0]?.RegionName;
    if (named.length !== 1 || region === undefined) {
      throw validationError('One of Create, Update or Delete must be given, with its RegionName');
    }
    const isMember = changed.members.some((member) => member.region === region);
    if (Create !== undefined) {
      refuse(Create, OVERRIDES);
      checkClass(Create.TableClassOverride);
      if (isMember || db.tables.find(region, table.name) !== undefined) {
        throw validationError(
          `Failed to create a the new replica of table with name: '${table.name}' because one or more replicas already existed as tables.`,
        );
      }
      const member: Member = {
        region,
        tableId: randomUUID(),
        status: 'CREATING',
        by: table.region,
        tableClass: Create.TableClassOverride,
        kmsKeyId: Create.KMSMasterKeyId,
      };
      changed = {
        ...changed,
        // Global tables have a stream, and it cannot be switched off.
        streamView: 'NEW_AND_OLD_IMAGES',
        members: [...changed.members, member],
      };
      continue;
    }
    if (!isMember || (region === table.region && Delete !== undefined)) {
      throw validationError(
        `The specified replica in region ${region} does not exist in the global table ${table.name}`,
      );
    }
    if (Update !== undefined)
      refuse(Update, [...OVERRIDES, 'KMSMasterKeyId', 'TableClassOverride']);
    changed = {
      ...changed,
      members: changed.members.map((member) =>
        member.region === region ? { ...member, status: 'DELETING', by: table.region } : member,
      ),
    };
  }
  return Promise.resolve(changed);
}

const OVERRIDES = [
  'ProvisionedThroughputOverride',
  'OnDemandThroughputOverride',
  'GlobalSecondaryIndexes',
];
