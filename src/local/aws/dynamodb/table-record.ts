/**
 * What is kept of a table in one region. `describe-table.ts` turns it into AWS's description; `tables.ts` stores it.
 *
 * Settings are in two groups, as global tables have them: what all replicas share (and adopt from each other), and what each
 * replica has of its own: point-in-time recovery, deletion protection, tags, class (AWS, "How global tables work").
 */
import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';

export type TableStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** A replica of a global table, in the eyes of all. */
export interface Member {
  readonly region: string;
  /** The replica's own table id; known before the replica is there. */
  readonly tableId: string;
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING';
  /** The region from which the replica is filled, or removed. */
  readonly by: string;
  readonly tableClass?: string | undefined;
  readonly kmsKeyId?: string | undefined;
}

export interface SharedSettings {
  /** The later change wins where two replicas differ. */
  readonly changedAtMs: number;
  readonly attributes: readonly Defined<AttributeDefinition>[];
  readonly keys: readonly Defined<KeySchemaElement>[];
  readonly globalIndexes: readonly Defined<GlobalSecondaryIndex>[];
  readonly localIndexes: readonly Defined<LocalSecondaryIndex>[];
  readonly billing: {
    readonly mode: 'PROVISIONED' | 'PAY_PER_REQUEST';
    readonly onDemandSinceMs?: number;
    readonly throughput?: Throughput | undefined;
  };
  /** Streams are described, not read: the streams API is refused. */
  readonly streamView?: string | undefined;
  readonly encryption?: { readonly kmsKeyArn: string } | undefined;
  readonly ttlAttribute?: string | undefined;
  /** All replicas, this one too; one alone is a table of a single region. */
  readonly members: readonly Member[];
  readonly consistency?: 'STRONG' | undefined;
  readonly witness?: string | undefined;
}

/** A member that AWS's model has as `T | undefined` and that is there, because the request was validated. */
type Defined<T> = { readonly [K in keyof T]-?: NonNullable<T[K]> };

export interface TableRecord {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly id: string;
  /** The id of the table from which all replicas stem. */
  readonly group: string;
  readonly status: TableStatus;
  readonly createdAtMs: number;
  readonly streamLabel?: string | undefined;
  readonly shared: SharedSettings;
  /** Ids of replicas that have not got yet what was here before they were heard of. */
  readonly fillingMembers: readonly string[];
  /** Indexes of this region that are not filled yet, and those whose entries are still to be removed. */
  readonly fillingIndexes: readonly string[];
  readonly droppedIndexes: readonly SharedSettings['globalIndexes'][number][];
  readonly tags: Readonly<Record<string, string>>;
  readonly deletionProtection: boolean;
  readonly tableClass?: string | undefined;
  readonly recovery?: { readonly enabledAtMs: number; readonly days: number } | undefined;
  /** When a replica was last filled from here: AWS then keeps the table for 24 hours. */
  readonly seededAtMs?: number;
}

export function tableArn(table: Pick<TableRecord, 'name' | 'region' | 'accountId'>): string {
  return `arn:aws:dynamodb:${table.region}:${table.accountId}:table/${table.name}`;
}

/** The table in the form that dynalite's actions read. */
export function toSchema(table: TableRecord) {
  return {
    TableName: table.name,
    TableStatus: table.status,
    AttributeDefinitions: table.shared.attributes,
    KeySchema: table.shared.keys,
    ...(table.shared.globalIndexes.length > 0 && {
      GlobalSecondaryIndexes: table.shared.globalIndexes,
    }),
    ...(table.shared.localIndexes.length > 0 && {
      LocalSecondaryIndexes: table.shared.localIndexes,
    }),
  };
}

export function otherMembers(table: TableRecord): readonly Member[] {
  return table.shared.members.filter((member) => member.region !== table.region);
}
