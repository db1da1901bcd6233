/**
 * Brings a table and its replicas from what is seen to what is asked.
 *
 * DynamoDB takes one kind of UpdateTable at a time and none while it works, so each call makes one such step; what does not
 * change the table's state (backups, time to live, tags) is done beside it.
 */
import {
  DynamoDBClient,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { AwsConnection } from '../config/aws-connection.js';
import { driftOf } from '../external/drift.js';
import type { Target } from '../external/external.js';
import type { TableDetail } from './table-observation.js';
import {
  attributeDefinitions,
  encryption,
  globalIndex,
  streamSpecification,
  throughputOf,
  type TableParameters,
} from './table-parameters.js';
import { alignReplicas, nextReplicaChange } from './table-replicas.js';
import { retag, setRecovery } from './table-upkeep.js';

type Step = Omit<UpdateTableCommandInput, 'TableName'>;

export async function updateTable(
  target: Target<TableParameters>,
  aws: AwsConnection,
  seen: TableDetail,
  drift: readonly string[],
): Promise<void> {
  const { name, region, forProvider: wanted } = target;
  const client = aws.client('DynamoDB', DynamoDBClient, region);
  if (drift.includes('tags')) {
    await retag(client, seen.table.TableArn ?? '', wanted.tags, seen.tags);
  }
  if (drift.includes('pointInTimeRecovery') && wanted.pointInTimeRecovery !== undefined) {
    const { enabled, recoveryPeriodInDays } = wanted.pointInTimeRecovery;
    await setRecovery(client, name, enabled, recoveryPeriodInDays);
  }
  if (drift.includes('ttl') && wanted.ttl?.attributeName !== undefined) {
    const TimeToLiveSpecification = {
      AttributeName: wanted.ttl.attributeName,
      Enabled: wanted.ttl.enabled ?? false,
    };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  }
  const step = nextStep(wanted, seen, drift);
  if (step !== undefined) await client.send(new UpdateTableCommand({ TableName: name, ...step }));
  else if (drift.includes('replica')) await alignReplicas(target, aws, seen);
}

function nextStep(
  wanted: TableParameters,
  seen: TableDetail,
  drift: readonly string[],
): Step | undefined {
  if (['billingMode', 'readCapacity', 'writeCapacity'].some((field) => drift.includes(field))) {
    const throughput = throughputOf(wanted);
    return {
      BillingMode: wanted.billingMode ?? 'PROVISIONED',
      ...(throughput && { ProvisionedThroughput: throughput }),
    };
  }
  if (drift.includes('globalSecondaryIndex')) return nextIndexChange(wanted, seen);
  if (drift.includes('streamEnabled') || drift.includes('streamViewType')) {
    return { StreamSpecification: streamSpecification(wanted) };
  }
  if (drift.includes('deletionProtectionEnabled')) {
    return { DeletionProtectionEnabled: wanted.deletionProtectionEnabled ?? false };
  }
  if (drift.includes('serverSideEncryption') && wanted.serverSideEncryption) {
    return { SSESpecification: encryption(wanted.serverSideEncryption) };
  }
  if (drift.includes('tableClass')) return { TableClass: wanted.tableClass };
  if (drift.includes('replica') || drift.includes('globalTableWitness')) {
    return nextReplicaChange(wanted, seen);
  }
  return undefined;
}

/** Indexes change one at a time; one that differs in more than its throughput is taken away first, then made again. */
function nextIndexChange(wanted: TableParameters, { table }: TableDetail): Step | undefined {
  const actual = new Map(
    (table.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]),
  );
  const asked = wanted.globalSecondaryIndex ?? [];
  const stale = [...actual.keys()].find((name) => !asked.some((index) => index.name === name));
  if (stale !== undefined)
    return { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: stale } }] };
  for (const index of asked) {
    const want = globalIndex(index, wanted);
    const have = actual.get(index.name);
    if (have === undefined) {
      return {
        AttributeDefinitions: attributeDefinitions(wanted),
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              ...want,
              IndexName: index.name,
              KeySchema: want.KeySchema,
              Projection: want.Projection,
            },
          },
        ],
      };
    }
    const differs = driftOf({ ...want }, { ...have });
    if (differs.includes('KeySchema') || differs.includes('Projection')) {
      return { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index.name } }] };
    }
    if (differs.includes('ProvisionedThroughput')) {
      const { ProvisionedThroughput } = want;
      return {
        GlobalSecondaryIndexUpdates: [{ Update: { IndexName: index.name, ProvisionedThroughput } }],
      };
    }
  }
  return undefined;
}
