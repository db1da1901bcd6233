/** Whether a replication can go ahead: the destination takes it, and the role may do every step of it. */
import type { Cloud } from '../../cloud.js';
import { AwsError, type Principal } from '../../service.js';
import type { Access } from '../access.js';
import type { BucketRecord } from '../bucket-record.js';
import type { VersionRecord } from '../objects/version-record.js';
import type { ReplicationRule } from './configuration.js';
import type { Debt } from './debt.js';

export interface Move {
  readonly source: BucketRecord;
  readonly destination: BucketRecord | undefined;
  readonly version: VersionRecord;
  /** Absent where the rule was removed since. */
  readonly rule: ReplicationRule | undefined;
  readonly debt: Debt;
}

const S3_PRINCIPAL = 's3.amazonaws.com';

/** The reason why not, in words for the log; undefined where nothing is against it. */
export async function findRefusal(
  cloud: Cloud,
  access: Access,
  move: Move,
): Promise<string | undefined> {
  const { source, destination, rule } = move;
  if (rule === undefined || source.replication === undefined) return 'the rule is gone';
  if (destination === undefined) return 'the destination bucket is gone';
  if (destination.versioning !== 'Enabled') return 'the destination bucket is not versioned';
  let principal: Principal;
  try {
    ({ principal } = await cloud.access.assumeForService(
      source.replication.role,
      S3_PRINCIPAL,
      's3-replication',
    ));
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
  const denied = needs(move, destination).find(
    ({ action, bucket, key }) => !access.allows(principal, action, bucket, key),
  );
  if (denied === undefined) return undefined;
  return `${source.replication.role} may not ${denied.action} on ${denied.bucket.name}/${denied.key ?? ''}`;
}

interface Need {
  readonly action: string;
  readonly bucket: BucketRecord;
  readonly key?: string;
}

/** AWS, "Setting up permissions for live replication". */
function needs({ source, version, debt }: Move, destination: BucketRecord): Need[] {
  const { key } = version;
  const onSource = (...actions: string[]) =>
    actions.map((action) => ({ action, bucket: source, key }));
  const onDestination = (...actions: string[]) =>
    actions.map((action) => ({ action, bucket: destination, key }));
  const reads = ['GetReplicationConfiguration', 'ListBucket'].map((action) => ({
    action,
    bucket: source,
  }));
  if (version.isMarker) return [...reads, ...onDestination('ReplicateDelete')];
  const tagging = [...onSource('GetObjectVersionTagging'), ...onDestination('ReplicateTags')];
  if (debt.kind === 'tags') return [...reads, ...tagging];
  return [
    ...reads,
    ...onSource('GetObjectVersionForReplication', 'GetObjectVersionAcl'),
    ...onDestination('ReplicateObject'),
    ...(Object.keys(version.tags).length > 0 ? tagging : []),
  ];
}
