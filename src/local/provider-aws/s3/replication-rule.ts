/** One rule of S3 replication, in the shape of `forProvider` and in that of S3. */
import type {
  DeleteMarkerReplicationStatus,
  Destination,
  ExistingObjectReplicationStatus,
  MetricsStatus,
  OwnerOverride,
  ReplicaModificationsStatus,
  ReplicationRule,
  ReplicationRuleFilter,
  ReplicationRuleStatus,
  ReplicationTimeStatus,
  SseKmsEncryptedObjectsStatus,
  StorageClass,
} from '@aws-sdk/client-s3';
import { fromTagPairs, toTagPairs, type Tags } from '../external/tags.js';

interface Status {
  readonly status: string;
}

export interface ReplicationRuleParameters {
  readonly id?: string | undefined;
  readonly priority?: number | undefined;
  readonly status: string;
  readonly prefix?: string | undefined;
  readonly filter?:
    | {
        readonly prefix?: string | undefined;
        readonly tag?: { readonly key: string; readonly value: string } | undefined;
        readonly and?: { readonly prefix?: string | undefined; readonly tags?: Tags } | undefined;
      }
    | undefined;
  readonly deleteMarkerReplication?: Status | undefined;
  readonly existingObjectReplication?: Status | undefined;
  readonly sourceSelectionCriteria?:
    | {
        readonly replicaModifications?: Status | undefined;
        readonly sseKmsEncryptedObjects?: Status | undefined;
      }
    | undefined;
  readonly destination: DestinationParameters;
}

interface DestinationParameters {
  readonly bucket: string;
  readonly account?: string | undefined;
  readonly storageClass?: string | undefined;
  readonly accessControlTranslation?: { readonly owner: string } | undefined;
  readonly encryptionConfiguration?: { readonly replicaKmsKeyId: string } | undefined;
  readonly metrics?:
    (Status & { readonly eventThreshold?: { readonly minutes: number } | undefined }) | undefined;
  readonly replicationTime?: (Status & { readonly time: { readonly minutes: number } }) | undefined;
}

export function toReplicationRule(wanted: ReplicationRuleParameters): ReplicationRule {
  const { deleteMarkerReplication, existingObjectReplication, sourceSelectionCriteria } = wanted;
  const { replicaModifications, sseKmsEncryptedObjects } = sourceSelectionCriteria ?? {};
  return {
    ...(wanted.id !== undefined && { ID: wanted.id }),
    ...(wanted.priority !== undefined && { Priority: wanted.priority }),
    Status: wanted.status as ReplicationRuleStatus,
    // Either the older form with a prefix of the rule, or a filter: S3 takes one of them.
    ...(wanted.filter === undefined
      ? // eslint-disable-next-line @typescript-eslint/no-deprecated -- rules of the older form have nothing else
        wanted.prefix !== undefined && { Prefix: wanted.prefix }
      : { Filter: toFilter(wanted.filter) }),
    ...(deleteMarkerReplication && {
      DeleteMarkerReplication: {
        Status: deleteMarkerReplication.status as DeleteMarkerReplicationStatus,
      },
    }),
    ...(existingObjectReplication && {
      ExistingObjectReplication: {
        Status: existingObjectReplication.status as ExistingObjectReplicationStatus,
      },
    }),
    ...(sourceSelectionCriteria && {
      SourceSelectionCriteria: {
        ...(replicaModifications && {
          ReplicaModifications: {
            Status: replicaModifications.status as ReplicaModificationsStatus,
          },
        }),
        ...(sseKmsEncryptedObjects && {
          SseKmsEncryptedObjects: {
            Status: sseKmsEncryptedObjects.status as SseKmsEncryptedObjectsStatus,
          },
        }),
      },
    }),
    Destination: toDestination(wanted.destination),
  };
}

export function fromReplicationRule(rule: ReplicationRule): ReplicationRuleParameters {
  const { ReplicaModifications, SseKmsEncryptedObjects } = rule.SourceSelectionCriteria ?? {};
  return {
    id: rule.ID,
    priority: rule.Priority,
    status: rule.Status ?? '',
    // Deprecated, and still what rules without a filter have.
    prefix: rule.Filter === undefined ? (rule as { Prefix?: string }).Prefix : undefined,
    filter: rule.Filter && fromFilter(rule.Filter),
    deleteMarkerReplication: statusOf(rule.DeleteMarkerReplication),
    existingObjectReplication: statusOf(rule.ExistingObjectReplication),
    sourceSelectionCriteria: rule.SourceSelectionCriteria && {
      replicaModifications: statusOf(ReplicaModifications),
      sseKmsEncryptedObjects: statusOf(SseKmsEncryptedObjects),
    },
    destination: fromDestination(rule.Destination),
  };
}

type Filter = NonNullable<ReplicationRuleParameters['filter']>;

function toFilter({ prefix, tag, and }: Filter): ReplicationRuleFilter {
  if (and !== undefined) {
    return { And: { Prefix: and.prefix, Tags: toTagPairs(and.tags) } };
  }
  if (tag !== undefined) return { Tag: { Key: tag.key, Value: tag.value } };
  return { Prefix: prefix ?? '' };
}

function fromFilter({ Prefix, Tag, And }: ReplicationRuleFilter): Filter {
  return {
    prefix: Prefix,
    tag: Tag && { key: Tag.Key ?? '', value: Tag.Value ?? '' },
    and: And && { prefix: And.Prefix, tags: fromTagPairs(And.Tags) },
  };
}

function toDestination(wanted: DestinationParameters): Destination {
  const { accessControlTranslation, encryptionConfiguration, metrics, replicationTime } = wanted;
  return {
    Bucket: wanted.bucket,
    ...(wanted.account !== undefined && { Account: wanted.account }),
    ...(wanted.storageClass !== undefined && { StorageClass: wanted.storageClass as StorageClass }),
    ...(accessControlTranslation && {
      AccessControlTranslation: { Owner: accessControlTranslation.owner as OwnerOverride },
    }),
    ...(encryptionConfiguration && {
      EncryptionConfiguration: { ReplicaKmsKeyID: encryptionConfiguration.replicaKmsKeyId },
    }),
    ...(metrics && {
      Metrics: {
        Status: metrics.status as MetricsStatus,
        ...(metrics.eventThreshold && {
          EventThreshold: { Minutes: metrics.eventThreshold.minutes },
        }),
      },
    }),
    ...(replicationTime && {
      ReplicationTime: {
        Status: replicationTime.status as ReplicationTimeStatus,
        Time: { Minutes: replicationTime.time.minutes },
      },
    }),
  };
}

function fromDestination(destination: Destination | undefined): DestinationParameters {
  const { Metrics, ReplicationTime, EncryptionConfiguration, AccessControlTranslation } =
    destination ?? {};
  return {
    bucket: destination?.Bucket ?? '',
    account: destination?.Account,
    storageClass: destination?.StorageClass,
    accessControlTranslation: AccessControlTranslation && {
      owner: AccessControlTranslation.Owner ?? '',
    },
    encryptionConfiguration: EncryptionConfiguration && {
      replicaKmsKeyId: EncryptionConfiguration.ReplicaKmsKeyID ?? '',
    },
    metrics: Metrics && {
      status: Metrics.Status ?? '',
      eventThreshold: Metrics.EventThreshold && { minutes: Metrics.EventThreshold.Minutes ?? 0 },
    },
    replicationTime: ReplicationTime && {
      status: ReplicationTime.Status ?? '',
      time: { minutes: ReplicationTime.Time?.Minutes ?? 0 },
    },
  };
}

function statusOf(part: { readonly Status?: string | undefined } | undefined): Status | undefined {
  return part && { status: part.Status ?? '' };
}
