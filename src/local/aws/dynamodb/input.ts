/**
 * The input of a call: JSON that is no deeper than DynamoDB's items are, of the types that its API model says.
 *
 * Of the operations on items, dynalite checks the types when they are performed; of the others this file does, in the same
 * words. Whether the values make sense is each operation's own concern.
 */
import deleteTable from 'dynalite/validations/deleteTable.js';
import describeTable from 'dynalite/validations/describeTable.js';
import validations from 'dynalite/validations/index.js';
import listTables from 'dynalite/validations/listTables.js';
import listTagsOfResource from 'dynalite/validations/listTagsOfResource.js';
import tagResource from 'dynalite/validations/tagResource.js';
import untagResource from 'dynalite/validations/untagResource.js';
import updateTable from 'dynalite/validations/updateTable.js';
import { AwsError } from '../service.js';
import { toAwsError } from './items/dynalite-actions.js';
import { validationError } from './tables.js';

/** An item's 32 levels are two of JSON each, and stand within a call. */
const MAX_DEPTH = 100;

const struct = (name: string, children: object) => ({ type: `FieldStruct<${name}>`, children });
const listOf = (name: string, children: object) => ({
  type: 'List',
  children: { type: `ValueStruct<${name}>`, children },
});
const ONE_TABLE = { TableName: 'String' };
const REGION = struct('RegionAction', { RegionName: 'String', KMSMasterKeyId: 'String' });
const SETTINGS = {
  StreamSpecification: struct('StreamSpecification', {
    StreamEnabled: 'Boolean',
    StreamViewType: 'String',
  }),
  SSESpecification: struct('SSESpecification', {
    Enabled: 'Boolean',
    SSEType: 'String',
    KMSMasterKeyId: 'String',
  }),
  TableClass: 'String',
  DeletionProtectionEnabled: 'Boolean',
};

/** In dynalite's notation. */
const TYPES: Readonly<Record<string, object>> = {
  CreateTable: { ...SETTINGS, Tags: tagResource.types.Tags },
  DeleteTable: deleteTable.types,
  DescribeContinuousBackups: ONE_TABLE,
  DescribeTable: describeTable.types,
  DescribeTimeToLive: ONE_TABLE,
  ListTables: listTables.types,
  ListTagsOfResource: listTagsOfResource.types,
  TagResource: tagResource.types,
  TransactGetItems: { TransactItems: listOf('TransactGetItem', { Get: struct('Get', ONE_TABLE) }) },
  TransactWriteItems: {
    ClientRequestToken: 'String',
    TransactItems: listOf('TransactWriteItem', {
      ConditionCheck: struct('ConditionCheck', ONE_TABLE),
      Delete: struct('Delete', ONE_TABLE),
      Put: struct('Put', ONE_TABLE),
      Update: struct('Update', ONE_TABLE),
    }),
  },
  UntagResource: untagResource.types,
  UpdateContinuousBackups: {
    ...ONE_TABLE,
    PointInTimeRecoverySpecification: struct('PointInTimeRecoverySpecification', {
      PointInTimeRecoveryEnabled: 'Boolean',
      RecoveryPeriodInDays: 'Integer',
    }),
  },
  UpdateTable: {
    ...updateTable.types,
    ...SETTINGS,
    GlobalTableWitnessUpdates: listOf('GlobalTableWitnessGroupUpdate', {
      Create: REGION,
      Delete: REGION,
    }),
    MultiRegionConsistency: 'String',
    ReplicaUpdates: listOf('ReplicationGroupUpdate', {
      Create: REGION,
      Update: REGION,
      Delete: REGION,
    }),
  },
  UpdateTimeToLive: {
    ...ONE_TABLE,
    TimeToLiveSpecification: struct('TimeToLiveSpecification', {
      AttributeName: 'String',
      Enabled: 'Boolean',
    }),
  },
};

/** Throws `AwsError` SerializationException, or ValidationException for what is nested too deeply. */
export function readInput(operation: string, body: Buffer): object {
  const input = parse(body);
  refuseDepth(input, MAX_DEPTH);
  const types = TYPES[operation];
  if (types === undefined) return input;
  try {
    // The check takes away what has no type here.
    validations.checkTypes(structuredClone(input), types);
  } catch (error) {
    throw toAwsError(error);
  }
  return operation.startsWith('Transact') ? input : withoutNulls(input);
}

function parse(body: Buffer): object {
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'Unexpected end of JSON or malformed JSON');
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new AwsError(
    'SerializationException',
    'Start of structure or map found where not expected',
  );
}

/** Also refuses null as an element: no list of this API has any. */
function refuseDepth(value: object, levelsLeft: number): void {
  if (levelsLeft === 0) throw validationError('Nesting Levels have exceeded supported limits');
  for (const within of Object.values(value) as unknown[]) {
    if (typeof within === 'object' && within !== null) refuseDepth(within, levelsLeft - 1);
    else if (within === null && Array.isArray(value)) {
      throw new AwsError('SerializationException', 'Unexpected value type in payload');
    }
  }
}

/** In this protocol a member that is null is one that is not there. */
function withoutNulls(value: object): object {
  if (Array.isArray(value)) return (value as unknown[]).map(cleaned);
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, cleaned(member)]));
}

function cleaned(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? withoutNulls(value) : value;
}
