/**
 * The replicas of a table in other regions: added, removed, and given what AWS does not synchronise.
 *
 * In eventual mode replicas come and go one at a time; strong mode takes all of them, and the witness, in one call.
 */
import {
  DynamoDBClient,
  UpdateTableCommand,
  type ReplicationGroupUpdate,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { AwsConnection } from '../config/aws-connection.js';
import type { Target } from '../external/external.js';
import { inRegion, type ReplicaDetail, type TableDetail } from './table-observation.js';
import type { ReplicaParameters, TableParameters } from './table-parameters.js';
import { retag, setRecovery } from './table-upkeep.js';

type Step = Omit<UpdateTableCommandInput, 'TableName'>;

/** The next UpdateTable towards the wanted set of replicas, or `undefined` when the set is right. */
export function nextReplicaChange(wanted: TableParameters, seen: TableDetail): Step | undefined {
  const asked = wanted.replica ?? [];
  for (const want of asked) {
    const replica = seen.replicas.find(({ region }) => region === want.regionName);
    if (replica !== undefined) refuse(replica, want, seen.table.MultiRegionConsistency);
  }
  const missing = asked.filter(
    ({ regionName }) => !seen.replicas.some(({ region }) => region === regionName),
  );
  const surplus = seen.replicas.filter(
    ({ region }) => !asked.some(({ regionName }) => regionName === region),
  );
  if (missing.some(({ consistencyMode }) => consistencyMode === 'STRONG')) {
    const witness = wanted.globalTableWitness?.regionName;
    return {
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: missing.map(addition),
      ...(witness !== undefined && {
        GlobalTableWitnessUpdates: [{ Create: { RegionName: witness } }],
      }),
    };
  }
  const [leaving] = surplus;
  if (leaving !== undefined) return removalOf(seen, leaving);
  const [coming] = missing;
  return coming && { ReplicaUpdates: [addition(coming)] };
}

/** The UpdateTable that removes a replica: in strong mode all of them and the witness, which AWS does only together. */
export function removalOf({ table, replicas }: TableDetail, replica: ReplicaDetail): Step {
  if (table.MultiRegionConsistency !== 'STRONG') {
    return { ReplicaUpdates: [{ Delete: { RegionName: replica.region } }] };
  }
  const witnesses = table.GlobalTableWitnesses ?? [];
  return {
    ReplicaUpdates: replicas.map(({ region }) => ({ Delete: { RegionName: region } })),
    ...(witnesses.length > 0 && {
      GlobalTableWitnessUpdates: witnesses.map(({ RegionName }) => ({ Delete: { RegionName } })),
    }),
  };
}

/** Backups, deletion protection and tags of each replica, in its own region: AWS does not copy them from the table. */
export async function alignReplicas(
  { name, forProvider }: Target<TableParameters>,
  aws: AwsConnection,
  seen: TableDetail,
): Promise<void> {
  for (const replica of seen.replicas) {
    const wanted = forProvider.replica?.find(({ regionName }) => regionName === replica.region);
    if (wanted === undefined || replica.table === undefined) continue;
    const client = aws.client('DynamoDB', DynamoDBClient, replica.region);
    const recovers = replica.recovery?.PointInTimeRecoveryStatus === 'ENABLED';
    if ((wanted.pointInTimeRecovery ?? false) !== recovers) {
      await setRecovery(client, name, wanted.pointInTimeRecovery ?? false);
    }
    if (wanted.propagateTags === true) {
      const arn = inRegion(seen.table.TableArn ?? '', replica.region);
      await retag(client, arn, seen.tags, replica.tags);
    }
    const isProtected = replica.table.DeletionProtectionEnabled ?? false;
    const shallBeProtected = wanted.deletionProtectionEnabled ?? false;
    if (shallBeProtected !== isProtected) {
      await client.send(
        new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: shallBeProtected }),
      );
    }
  }
}

/** What a replica that is there cannot become. */
function refuse(
  { region, status, why, kmsKeyArn }: ReplicaDetail,
  wanted: ReplicaParameters,
  mode = 'EVENTUAL',
): void {
  if (status !== 'ACTIVE') {
    throw new Error(`the replica in ${region} is ${status}${why === undefined ? '' : `: ${why}`}`);
  }
  if (wanted.consistencyMode !== undefined && wanted.consistencyMode !== mode) {
    throw new Error(
      `the consistency mode of a table cannot be changed: the replica in ${region} is ${mode}`,
    );
  }
  if (wanted.kmsKeyArn !== undefined && wanted.kmsKeyArn !== kmsKeyArn) {
    throw new Error(
      `the replica in ${region} cannot change its key in place: remove it from spec.forProvider.replica first`,
    );
  }
}

function addition({ regionName, kmsKeyArn }: ReplicaParameters): ReplicationGroupUpdate {
  return {
    Create: {
      RegionName: regionName,
      ...(kmsKeyArn !== undefined && { KMSMasterKeyId: kmsKeyArn }),
    },
  };
}
