/**
 * Which rules of a bucket are about a change, and what the bucket then owes.
 *
 * The debts are stored with the change itself. Replicas are never carried on, so two buckets can replicate to each other.
 */
import type { BucketRecord } from '../bucket-record.js';
import { matches } from '../rule-filter.js';
import type { VersionRecord } from '../objects/version-record.js';
import type { ReplicationRule } from './configuration.js';
import type { Debt } from './debt.js';

/** Not carried: S3 does not read them back by itself. */
const ARCHIVED = ['GLACIER', 'DEEP_ARCHIVE'];

/** The version as it is to be stored, and what is owed for it. */
export interface Plan {
  readonly version: VersionRecord;
  readonly debts: readonly Debt[];
}

export function planVersion(bucket: BucketRecord, version: VersionRecord, nowMs: number): Plan {
  if (version.replication?.kind === 'replica' || version.versionId === 'null') {
    return { version, debts: [] };
  }
  const rules = rulesFor(bucket, version).filter(
    (rule) =>
      (!version.isMarker || rule.carriesMarkers) &&
      !ARCHIVED.includes(version.storageClass) &&
      (version.encryption?.algorithm.startsWith('aws:kms') !== true ||
        rule.carriesKmsObjects === true),
  );
  return owe(bucket, version, rules, 'version', nowMs);
}

/** New tags of a version that was replicated, or is a replica whose changes the rule carries. */
export function planTags(bucket: BucketRecord, version: VersionRecord, nowMs: number): Plan {
  const isReplica = version.replication?.kind === 'replica';
  const isCarried = version.replication?.kind === 'source';
  const rules = rulesFor(bucket, version).filter((rule) =>
    isReplica ? rule.carriesReplicaChanges === true : isCarried,
  );
  const { version: owing, debts } = owe(bucket, version, rules, 'tags', nowMs);
  return { version: isReplica ? version : owing, debts };
}

/** The enabled rules about an object: for each destination the one with the greatest priority. */
function rulesFor({ replication }: BucketRecord, { key, tags }: VersionRecord): ReplicationRule[] {
  const chosen = new Map<string, ReplicationRule>();
  for (const rule of replication?.rules ?? []) {
    if (!rule.isEnabled || !matches(rule.filter, key, tags)) continue;
    const other = chosen.get(rule.destination.bucketArn);
    if (other === undefined || rule.priority > other.priority) {
      chosen.set(rule.destination.bucketArn, rule);
    }
  }
  return [...chosen.values()];
}

function owe(
  bucket: BucketRecord,
  version: VersionRecord,
  rules: readonly ReplicationRule[],
  kind: Debt['kind'],
  nowMs: number,
): Plan {
  if (rules.length === 0) return { version, debts: [] };
  const debts = rules.map((rule): Debt => ({
    kind,
    sourceBucket: bucket.name,
    sourceBucketId: bucket.id,
    destinationBucket: rule.destination.bucketArn.slice(
      rule.destination.bucketArn.lastIndexOf(':') + 1,
    ),
    ruleId: rule.id,
    key: version.key,
    versionId: version.versionId,
    sizeBytes: version.sizeBytes,
    committedAtMs: nowMs,
  }));
  const destinations = Object.fromEntries(
    debts.map(({ destinationBucket }) => [destinationBucket, 'PENDING' as const]),
  );
  return { version: { ...version, replication: { kind: 'source', destinations } }, debts };
}
