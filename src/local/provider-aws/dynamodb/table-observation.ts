/** What DynamoDB says of a table and its replicas, in the shape of `status.atProvider`. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  type KeySchemaElement,
  type PointInTimeRecoveryDescription,
  type ReplicaDescription,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import type { AwsConnection } from '../config/aws-connection.js';
import { unlessAbsent } from '../external/aws-error.js';
import { absent, type Observation, type Target } from '../external/external.js';
import { fromTagPairs, type Tags } from '../external/tags.js';
import type { TableParameters } from './table-parameters.js';

export interface TableDetail {
  readonly table: TableDescription;
  /** Replicas in other regions, with what their own regions say of them. */
  readonly replicas: readonly ReplicaDetail[];
  readonly tags: Tags;
}

export interface ReplicaDetail {
  readonly region: string;
  readonly status: string;
  readonly why: string | undefined;
  readonly kmsKeyArn: string | undefined;
  /** Absent while the replica is not there yet. */
  readonly table?: TableDescription;
  readonly recovery?: PointInTimeRecoveryDescription | undefined;
  readonly tags?: Tags;
}

type TableObservation = Observation<TableParameters, TableDetail>;

export async function observeTable(
  { name, region, forProvider }: Target<TableParameters>,
  aws: AwsConnection,
): Promise<TableObservation> {
  const client = aws.client('DynamoDB', DynamoDBClient, region);
  const table = await describe(client, name);
  if (table === undefined) return absent;
  const arn = table.TableArn ?? '';
  const others = (table.Replicas ?? []).filter(({ RegionName }) => RegionName !== region);
  // Of a table that comes or goes DynamoDB answers nothing else.
  if (table.TableStatus === 'CREATING' || table.TableStatus === 'DELETING') {
    return {
      exists: true,
      atProvider: { arn, id: name, region },
      usable: false,
      busyWith: `the table is ${table.TableStatus}`,
      detail: { table, replicas: [], tags: {} },
    };
  }
  const [recovery, tags, ttl, replicas] = await Promise.all([
    recoveryOf(client, name),
    tagsOf(client, arn),
    ttlOf(client, name),
    Promise.all(others.map((replica) => observeReplica(replica, name, arn, aws))),
  ]);
  const detail: TableDetail = { table, replicas, tags };
  const busyWith = pending(detail);
  return {
    exists: true,
    atProvider: {
      ...settingsOf(table),
      arn,
      id: name,
      region,
      pointInTimeRecovery: recoveryAtProvider(recovery),
      ttl,
      tags,
      tagsAll: tags,
      replica: replicas
        .filter(({ status }) => status === 'ACTIVE')
        .map((replica) => replicaAtProvider(replica, arn, detail, forProvider)),
    },
    usable: table.TableStatus === 'ACTIVE' || table.TableStatus === 'UPDATING',
    ...(busyWith === undefined ? {} : { busyWith }),
    defaults: { billingMode: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED' },
    detail,
  };
}

export async function describe(
  client: DynamoDBClient,
  name: string,
): Promise<TableDescription | undefined> {
  const answer = await unlessAbsent(
    client.send(new DescribeTableCommand({ TableName: name })),
    'ResourceNotFoundException',
  );
  return answer?.Table;
}

async function recoveryOf(
  client: DynamoDBClient,
  name: string,
): Promise<PointInTimeRecoveryDescription | undefined> {
  const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName: name }));
  return answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
}

async function tagsOf(client: DynamoDBClient, arn: string): Promise<Tags> {
  const answer = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
  return fromTagPairs(answer.Tags);
}

async function ttlOf(client: DynamoDBClient, name: string) {
  const { TimeToLiveDescription: ttl } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  );
  const enabled = ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING';
  return { enabled, ...(ttl?.AttributeName && { attributeName: ttl.AttributeName }) };
}

async function observeReplica(
  replica: ReplicaDescription,
  name: string,
  arn: string,
  aws: AwsConnection,
): Promise<ReplicaDetail> {
  const region = replica.RegionName ?? '';
  const known = {
    region,
    status: replica.ReplicaStatus ?? 'CREATING',
    why: replica.ReplicaStatusDescription,
    kmsKeyArn: replica.KMSMasterKeyId,
  };
  if (known.status !== 'ACTIVE') return known;
  const client = aws.client('DynamoDB', DynamoDBClient, region);
  const table = await describe(client, name);
  // The table may be told that its replica is there before the replica's own region knows it.
  if (table === undefined || table.TableStatus === 'CREATING') {
    return { ...known, status: 'CREATING' };
  }
  const [recovery, tags] = await Promise.all([
    recoveryOf(client, name),
    tagsOf(client, inRegion(arn, region)),
  ]);
  return { ...known, table, recovery, tags };
}

/** What DynamoDB is still doing, or `undefined`. */
function pending({ table, replicas }: TableDetail): string | undefined {
  if (table.TableStatus === 'UPDATING') return 'the table is UPDATING';
  const changing = ['CREATING', 'UPDATING', 'DELETING'];
  const replica = replicas.find(({ status }) => changing.includes(status));
  if (replica !== undefined) return `the replica in ${replica.region} is ${replica.status}`;
  const index = table.GlobalSecondaryIndexes?.find(({ IndexStatus = '' }) =>
    changing.includes(IndexStatus),
  );
  return index && `the index ${index.IndexName ?? ''} is ${index.IndexStatus ?? ''}`;
}

function settingsOf(table: TableDescription): Record<string, unknown> {
  const stream = table.StreamSpecification;
  const billingMode = table.BillingModeSummary?.BillingMode ?? 'PROVISIONED';
  const witness = table.GlobalTableWitnesses?.[0]?.RegionName;
  return {
    attribute: table.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => ({
      name: AttributeName,
      type: AttributeType,
    })),
    ...keysOf(table.KeySchema),
    billingMode,
    readCapacity: table.ProvisionedThroughput?.ReadCapacityUnits,
    writeCapacity: table.ProvisionedThroughput?.WriteCapacityUnits,
    globalSecondaryIndex: table.GlobalSecondaryIndexes?.map((index) => ({
      name: index.IndexName,
      ...keysOf(index.KeySchema),
      projectionType: index.Projection?.ProjectionType,
      nonKeyAttributes: index.Projection?.NonKeyAttributes,
      readCapacity: index.ProvisionedThroughput?.ReadCapacityUnits,
      writeCapacity: index.ProvisionedThroughput?.WriteCapacityUnits,
    })),
    localSecondaryIndex: table.LocalSecondaryIndexes?.map((index) => ({
      name: index.IndexName,
      rangeKey: keysOf(index.KeySchema).rangeKey,
      projectionType: index.Projection?.ProjectionType,
      nonKeyAttributes: index.Projection?.NonKeyAttributes,
    })),
    streamEnabled: stream?.StreamEnabled ?? false,
    streamViewType: stream?.StreamViewType,
    streamArn: table.LatestStreamArn,
    streamLabel: table.LatestStreamLabel,
    serverSideEncryption: {
      enabled: table.SSEDescription?.Status === 'ENABLED',
      kmsKeyArn: table.SSEDescription?.KMSMasterKeyArn,
    },
    tableClass: table.TableClassSummary?.TableClass ?? 'STANDARD',
    deletionProtectionEnabled: table.DeletionProtectionEnabled ?? false,
    globalTableWitness: witness === undefined ? undefined : { regionName: witness },
  };
}

function keysOf(schema: readonly KeySchemaElement[] | undefined) {
  const named = (type: string) => schema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return { hashKey: named('HASH'), rangeKey: named('RANGE') };
}

function recoveryAtProvider(recovery: PointInTimeRecoveryDescription | undefined) {
  return {
    enabled: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
    recoveryPeriodInDays: recovery?.RecoveryPeriodInDays,
  };
}

function replicaAtProvider(
  replica: ReplicaDetail,
  arn: string,
  { table, tags }: TableDetail,
  forProvider: TableParameters,
): Record<string, unknown> {
  const wanted = forProvider.replica?.find(({ regionName }) => regionName === replica.region);
  return {
    regionName: replica.region,
    arn: inRegion(arn, replica.region),
    consistencyMode: table.MultiRegionConsistency ?? 'EVENTUAL',
    pointInTimeRecovery: replica.recovery?.PointInTimeRecoveryStatus === 'ENABLED',
    deletionProtectionEnabled: replica.table?.DeletionProtectionEnabled ?? false,
    // AWS has no such setting: it holds as long as the replica's tags are the table's.
    propagateTags: wanted?.propagateTags === true && isDeepStrictEqual(replica.tags, tags),
    kmsKeyArn: replica.kmsKeyArn,
    streamArn: replica.table?.LatestStreamArn,
    streamLabel: replica.table?.LatestStreamLabel,
  };
}

/** The same table's ARN in another region. */
export function inRegion(arn: string, region: string): string {
  return arn.replace(/^(arn:[^:]+:dynamodb:)[^:]+/, `$1${region}`);
}
