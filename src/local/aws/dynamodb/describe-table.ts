/** A table as DescribeTable, CreateTable, UpdateTable and DeleteTable show it. */
import { otherMembers, tableArn, type TableRecord, type Throughput } from './table-record.js';

export interface TableSize {
  readonly items: number;
  readonly bytes: number;
}

/** The capacity that every on-demand table can take at once, as AWS shows it. */
const ON_DEMAND_WARM = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

export function describeTable(table: TableRecord, size: TableSize): object {
  const { shared } = table;
  const arn = tableArn(table);
  const indexNames = new Set(table.shared.globalIndexes.map(({ IndexName }) => IndexName));
  const globalIndexes = [
    ...shared.globalIndexes.map((index) => ({
      index,
      status: indexStatus(table, index.IndexName),
    })),
    ...table.droppedIndexes
      .filter(({ IndexName }) => !indexNames.has(IndexName))
      .map((index) => ({ index, status: 'DELETING' })),
  ];
  return {
    AttributeDefinitions: shared.attributes,
    TableName: table.name,
    KeySchema: shared.keys,
    TableStatus: table.status,
    CreationDateTime: table.createdAtMs / 1000,
    ProvisionedThroughput: throughput(shared.billing.throughput),
    TableSizeBytes: size.bytes,
    ItemCount: size.items,
    TableArn: arn,
    TableId: table.id,
    ...(shared.billing.mode === 'PAY_PER_REQUEST' && {
      BillingModeSummary: {
        BillingMode: 'PAY_PER_REQUEST',
        LastUpdateToPayPerRequestDateTime:
          (shared.billing.onDemandSinceMs ?? table.createdAtMs) / 1000,
      },
    }),
    ...(globalIndexes.length > 0 && {
      GlobalSecondaryIndexes: globalIndexes.map(({ index, status }) => ({
        IndexName: index.IndexName,
        KeySchema: index.KeySchema,
        Projection: index.Projection,
        IndexStatus: status,
        ...(status === 'CREATING' && { Backfilling: table.status !== 'CREATING' }),
        ProvisionedThroughput: throughput(index.ProvisionedThroughput as Throughput | undefined),
        IndexSizeBytes: 0,
        ItemCount: size.items,
        IndexArn: `${arn}/index/${index.IndexName}`,
      })),
    }),
    ...(shared.localIndexes.length > 0 && {
      LocalSecondaryIndexes: shared.localIndexes.map((index) => ({
        ...index,
        IndexSizeBytes: 0,
        ItemCount: size.items,
        IndexArn: `${arn}/index/${index.IndexName}`,
      })),
    }),
    ...(shared.streamView !== undefined && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: shared.streamView },
      LatestStreamLabel: table.streamLabel,
      LatestStreamArn: `${arn}/stream/${table.streamLabel ?? ''}`,
    }),
    ...describeReplicas(table),
    ...(shared.encryption !== undefined && {
      SSEDescription: {
        Status: 'ENABLED',
        SSEType: 'KMS',
        KMSMasterKeyArn: shared.encryption.kmsKeyArn,
      },
    }),
    ...(table.tableClass !== undefined && {
      TableClassSummary: { TableClass: table.tableClass },
    }),
    DeletionProtectionEnabled: table.deletionProtection,
    WarmThroughput: {
      ...(shared.billing.throughput === undefined
        ? ON_DEMAND_WARM
        : {
            ReadUnitsPerSecond: shared.billing.throughput.ReadCapacityUnits,
            WriteUnitsPerSecond: shared.billing.throughput.WriteCapacityUnits,
          }),
      Status: 'ACTIVE',
    },
  };
}

function describeReplicas(table: TableRecord): object {
  const others = otherMembers(table);
  if (others.length === 0) return {};
  return {
    GlobalTableVersion: '2019.11.21',
    Replicas: others.map((member) => ({
      RegionName: member.region,
      ReplicaStatus: member.status,
      ...(member.kmsKeyId !== undefined && { KMSMasterKeyId: member.kmsKeyId }),
      ...(member.tableClass !== undefined && {
        ReplicaTableClassSummary: { TableClass: member.tableClass },
      }),
    })),
    MultiRegionConsistency: table.shared.consistency ?? 'EVENTUAL',
    ...(table.shared.witness !== undefined && {
      GlobalTableWitnesses: [{ RegionName: table.shared.witness, WitnessStatus: 'ACTIVE' }],
    }),
  };
}

function indexStatus(table: TableRecord, name: string): string {
  if (table.status === 'CREATING') return 'CREATING';
  return table.fillingIndexes.includes(name) ? 'CREATING' : 'ACTIVE';
}

function throughput(units: Throughput | undefined): object {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: units?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: units?.WriteCapacityUnits ?? 0,
  };
}
