/**
 * The replicas and the witness that an UpdateTable adds or removes.
 *
 * Only the wish is written down here, as members in CREATING or DELETING; `lifecycle.ts` makes it true.
 */
import type {
  CreateReplicationGroupMemberAction,
  UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { COMMERCIAL_REGIONS } from '../../gateway/regions.js';
import { refuse, type DynamoDb } from '../operation.js';
import type { Member, SharedSettings, TableRecord } from '../table-record.js';
import { protectedTable, validationError } from '../tables.js';
import { checkClass } from './table-settings.js';

const OVERRIDES = [
  'ProvisionedThroughputOverride',
  'OnDemandThroughputOverride',
  'GlobalSecondaryIndexes',
];

/** What is asked for, taken apart. */
interface Wish {
  readonly created: readonly CreateReplicationGroupMemberAction[];
  readonly deleted: readonly string[];
  readonly witness: { readonly created?: string; readonly deleted?: string };
  readonly isStrong: boolean;
}

export async function changeReplicas(
  db: DynamoDb,
  table: TableRecord,
  shared: SharedSettings,
  input: UpdateTableCommandInput,
): Promise<SharedSettings> {
  const wish = readWish(input);
  const isAlone = shared.members.length === 1;
  if (wish.isStrong && isAlone) await checkBecomesStrong(db, table, wish);
  else checkStaysAsItIs(shared, wish);
  const created = wish.created.map((action) => newMember(db, table, shared, action));
  for (const region of wish.deleted) {
    const isThere = shared.members.some((member) => member.region === region);
    if (!isThere || region === table.region) {
      throw validationError(
        `The specified replica in region ${region} does not exist in the global table ${table.name}`,
      );
    }
    if (db.tables.find(region, table.name)?.deletionProtection === true) throw protectedTable();
  }
  if (created.length + wish.deleted.length === 0) return shared;
  return {
    ...shared,
    // Global tables in eventual mode have a stream, and it cannot be switched off.
    ...(created.length > 0 && !wish.isStrong && { streamView: 'NEW_AND_OLD_IMAGES' }),
    ...(wish.isStrong && created.length > 0 && { consistency: 'STRONG' as const }),
    ...(wish.witness.created !== undefined && { witness: wish.witness.created }),
    ...(wish.witness.deleted !== undefined && { witness: undefined }),
    // Strong mode ends with the last of the others.
    ...(isAlone || wish.deleted.length < shared.members.length - 1
      ? {}
      : { consistency: undefined }),
    members: [
      ...shared.members.map((member): Member =>
        wish.deleted.includes(member.region)
          ? { ...member, status: 'DELETING', by: table.region }
          : member,
      ),
      ...created,
    ],
  };
}

function readWish(input: UpdateTableCommandInput): Wish {
  const created: CreateReplicationGroupMemberAction[] = [];
  const deleted: string[] = [];
  for (const { Create, Update, Delete } of input.ReplicaUpdates ?? []) {
    const named = [Create, Update, Delete].filter((action) => action !== undefined);
    const region = named[0]?.RegionName;
    if (named.length !== 1 || region === undefined) {
      throw validationError('One of Create, Update or Delete must be given, with its RegionName');
    }
    if (Update !== undefined) {
      refuse(Update, [...OVERRIDES, 'KMSMasterKeyId', 'TableClassOverride']);
      throw validationError('One or more parameter values were invalid: the update is empty');
    }
    if (Create !== undefined) created.push(Create);
    else deleted.push(region);
  }
  const witnesses = input.GlobalTableWitnessUpdates ?? [];
  if (witnesses.length > 1) throw validationError('A global table has one witness at most');
  const witnessCreated = witnesses[0]?.Create?.RegionName;
  const witnessDeleted = witnesses[0]?.Delete?.RegionName;
  return {
    created,
    deleted,
    witness: {
      ...(witnessCreated !== undefined && { created: witnessCreated }),
      ...(witnessDeleted !== undefined && { deleted: witnessDeleted }),
    },
    isStrong: input.MultiRegionConsistency === 'STRONG',
  };
}

/** Strong mode: three regions at once, and nothing in the table that it cannot have (AWS, "How global tables work"). */
async function checkBecomesStrong(db: DynamoDb, table: TableRecord, wish: Wish): Promise<void> {
  const { created, witness } = wish;
  const regions = new Set([
    table.region,
    ...created.map(({ RegionName }) => RegionName),
    ...(witness.created === undefined ? [] : [witness.created]),
  ]);
  if (regions.size !== 3 || created.length === 0 || wish.deleted.length > 0) {
    throw validationError(
      'A global table with multi-Region strong consistency needs exactly three Regions: two other replicas, or one other replica and a witness, in one UpdateTable',
    );
  }
  if (table.shared.localIndexes.length > 0 || table.shared.ttlAttribute !== undefined) {
    throw validationError(
      'A table with local secondary indexes or Time to Live cannot become a global table with multi-Region strong consistency',
    );
  }
  if (await db.items.isEmpty(table)) return;
  throw validationError(
    'The table must be empty to become a global table with multi-Region strong consistency',
  );
}

/** The mode of a global table never changes, and a strong one has its three regions or none of the others. */
function checkStaysAsItIs(shared: SharedSettings, wish: Wish): void {
  const isStrong = shared.consistency === 'STRONG';
  const isGlobal = shared.members.length > 1;
  if (wish.isStrong && !isStrong && isGlobal) {
    throw validationError('The consistency mode of a global table cannot be changed');
  }
  if (!isStrong) {
    if (wish.witness.created === undefined && wish.witness.deleted === undefined) return;
    throw validationError(
      'A witness can only be used by a global table with multi-Region strong consistency',
    );
  }
  if (wish.created.length > 0 || wish.witness.created !== undefined) {
    throw validationError(
      'Replicas and witnesses cannot be added to a global table with multi-Region strong consistency',
    );
  }
  if (wish.deleted.length === 0 && wish.witness.deleted === undefined) return;
  const areAllDeleted =
    wish.deleted.length === shared.members.length - 1 && wish.witness.deleted === shared.witness;
  if (areAllDeleted) return;
  throw validationError(
    'The other replicas, and the witness, of a global table with multi-Region strong consistency can only be removed together',
  );
}

function newMember(
  db: DynamoDb,
  table: TableRecord,
  shared: SharedSettings,
  action: CreateReplicationGroupMemberAction,
): Member {
  refuse(action, OVERRIDES);
  checkClass(action.TableClassOverride);
  const region = action.RegionName ?? '';
  if (!COMMERCIAL_REGIONS.includes(region)) {
    throw validationError(
      `One or more parameter values were invalid: Region ${region} is not a supported replica region`,
    );
  }
  const isTaken = shared.members.some((member) => member.region === region);
  if (isTaken || db.tables.find(region, table.name) !== undefined) {
    throw validationError(
      `Failed to create a the new replica of table with name: '${table.name}' because one or more replicas already existed as tables.`,
    );
  }
  return {
    region,
    tableId: randomUUID(),
    status: 'CREATING',
    by: table.region,
    tableClass: action.TableClassOverride,
    kmsKeyId: action.KMSMasterKeyId,
  };
}
