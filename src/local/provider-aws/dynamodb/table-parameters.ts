/** What a claim's Table asks for: `spec.forProvider`, and its translation into the requests of DynamoDB. */
import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  Projection,
  ProvisionedThroughput,
  SSESpecification,
  StreamSpecification,
} from '@aws-sdk/client-dynamodb';
import { toTagPairs, type Tags } from '../external/tags.js';

export interface IndexParameters {
  readonly name: string;
  readonly hashKey?: string;
  readonly rangeKey?: string;
  readonly projectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly nonKeyAttributes?: readonly string[];
  readonly readCapacity?: number;
  readonly writeCapacity?: number;
}

export interface ReplicaParameters {
  readonly regionName: string;
  readonly consistencyMode?: 'EVENTUAL' | 'STRONG';
  readonly pointInTimeRecovery?: boolean;
  readonly deletionProtectionEnabled?: boolean;
  readonly propagateTags?: boolean;
  readonly kmsKeyArn?: string;
}

export interface TableParameters {
  readonly region: string;
  readonly attribute: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly billingMode?: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly readCapacity?: number;
  readonly writeCapacity?: number;
  readonly globalSecondaryIndex?: readonly IndexParameters[];
  readonly localSecondaryIndex?: readonly IndexParameters[];
  readonly streamEnabled?: boolean;
  readonly streamViewType?: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
  readonly pointInTimeRecovery?: {
    readonly enabled: boolean;
    readonly recoveryPeriodInDays?: number;
  };
  readonly serverSideEncryption?: { readonly enabled: boolean; readonly kmsKeyArn?: string };
  readonly tableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  readonly deletionProtectionEnabled?: boolean;
  readonly ttl?: { readonly attributeName?: string; readonly enabled?: boolean };
  readonly replica?: readonly ReplicaParameters[];
  readonly globalTableWitness?: { readonly regionName: string };
  readonly tags?: Tags;
}

export function createTableInput(name: string, wanted: TableParameters): CreateTableCommandInput {
  const throughput = throughputOf(wanted);
  const globalIndexes = wanted.globalSecondaryIndex?.map((index) => globalIndex(index, wanted));
  const localIndexes = wanted.localSecondaryIndex?.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(wanted.hashKey, index.rangeKey),
    Projection: projection(index),
  }));
  return {
    TableName: name,
    AttributeDefinitions: attributeDefinitions(wanted),
    KeySchema: keySchema(wanted.hashKey, wanted.rangeKey),
    BillingMode: wanted.billingMode ?? 'PROVISIONED',
    ...(throughput && { ProvisionedThroughput: throughput }),
    ...(globalIndexes?.length && { GlobalSecondaryIndexes: globalIndexes }),
    ...(localIndexes?.length && { LocalSecondaryIndexes: localIndexes }),
    ...(wanted.streamEnabled === true && { StreamSpecification: streamSpecification(wanted) }),
    ...(wanted.serverSideEncryption && {
      SSESpecification: encryption(wanted.serverSideEncryption),
    }),
    ...(wanted.tableClass && { TableClass: wanted.tableClass }),
    ...(wanted.deletionProtectionEnabled !== undefined && {
      DeletionProtectionEnabled: wanted.deletionProtectionEnabled,
    }),
    ...(wanted.tags && { Tags: toTagPairs(wanted.tags) }),
  };
}

export function attributeDefinitions(wanted: TableParameters): AttributeDefinition[] {
  return wanted.attribute.map(({ name, type }) => ({ AttributeName: name, AttributeType: type }));
}

export function globalIndex(index: IndexParameters, table: TableParameters): GlobalSecondaryIndex {
  const throughput = throughputOf({ ...index, billingMode: table.billingMode });
  return {
    IndexName: index.name,
    KeySchema: keySchema(index.hashKey, index.rangeKey),
    Projection: projection(index),
    ...(throughput && { ProvisionedThroughput: throughput }),
  };
}

export function streamSpecification(wanted: TableParameters): StreamSpecification {
  if (wanted.streamEnabled !== true) return { StreamEnabled: false };
  return { StreamEnabled: true, StreamViewType: wanted.streamViewType };
}

/** An enabled encryption without a key is the account's own KMS key; a disabled one is DynamoDB's. */
export function encryption(wanted: { enabled: boolean; kmsKeyArn?: string }): SSESpecification {
  if (!wanted.enabled) return { Enabled: false };
  return {
    Enabled: true,
    SSEType: 'KMS',
    ...(wanted.kmsKeyArn && { KMSMasterKeyId: wanted.kmsKeyArn }),
  };
}

export function throughputOf(wanted: {
  readonly billingMode?: string | undefined;
  readonly readCapacity?: number;
  readonly writeCapacity?: number;
}): ProvisionedThroughput | undefined {
  if (wanted.billingMode === 'PAY_PER_REQUEST') return undefined;
  return {
    ReadCapacityUnits: wanted.readCapacity ?? 1,
    WriteCapacityUnits: wanted.writeCapacity ?? 1,
  };
}

function keySchema(hash: string | undefined, range: string | undefined): KeySchemaElement[] {
  return [
    ...(hash === undefined ? [] : [{ AttributeName: hash, KeyType: 'HASH' as const }]),
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
}

function projection({ projectionType, nonKeyAttributes }: IndexParameters): Projection {
  return {
    ProjectionType: projectionType,
    ...(nonKeyAttributes?.length && { NonKeyAttributes: [...nonKeyAttributes] }),
  };
}
