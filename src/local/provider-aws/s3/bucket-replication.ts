/** BucketReplicationConfiguration (s3): what S3 copies to which other bucket, under which role. */
import {
  DeleteBucketReplicationCommand,
  GetBucketReplicationCommand,
  PutBucketReplicationCommand,
} from '@aws-sdk/client-s3';
import { bucketSetting, type BucketSettingParameters } from './bucket-setting.js';
import {
  fromReplicationRule,
  toReplicationRule,
  type ReplicationRuleParameters,
} from './replication-rule.js';

interface BucketReplicationParameters extends BucketSettingParameters {
  readonly role: string;
  readonly rule: readonly ReplicationRuleParameters[];
}

export const bucketReplication = bucketSetting<BucketReplicationParameters>({
  fields: [
    'role',
    'rule.id',
    'rule.priority',
    'rule.status',
    'rule.prefix',
    'rule.filter.prefix',
    'rule.filter.tag.key',
    'rule.filter.tag.value',
    'rule.filter.and.prefix',
    'rule.filter.and.tags',
    'rule.deleteMarkerReplication.status',
    'rule.existingObjectReplication.status',
    'rule.sourceSelectionCriteria.replicaModifications.status',
    'rule.sourceSelectionCriteria.sseKmsEncryptedObjects.status',
    'rule.destination.bucket',
    'rule.destination.account',
    'rule.destination.storageClass',
    'rule.destination.accessControlTranslation.owner',
    'rule.destination.encryptionConfiguration.replicaKmsKeyId',
    'rule.destination.metrics.status',
    'rule.destination.metrics.eventThreshold.minutes',
    'rule.destination.replicationTime.status',
    'rule.destination.replicationTime.time.minutes',
  ],
  references: [
    { field: 'role', to: 'iam/Role', take: 'arn' },
    { field: 'rule.destination.bucket', to: 's3/Bucket', take: 'arn' },
  ],
  comparison: { maps: ['rule.filter.and.tags'] },
  absentAs: 'ReplicationConfigurationNotFoundError',
  async read(client, Bucket) {
    const { ReplicationConfiguration: found } = await client.send(
      new GetBucketReplicationCommand({ Bucket }),
    );
    return { role: found?.Role ?? '', rule: (found?.Rules ?? []).map(fromReplicationRule) };
  },
  write: (client, Bucket, { role, rule }) =>
    client.send(
      new PutBucketReplicationCommand({
        Bucket,
        ReplicationConfiguration: { Role: role, Rules: rule.map(toReplicationRule) },
      }),
    ),
  async clear(client, Bucket) {
    await client.send(new DeleteBucketReplicationCommand({ Bucket }));
    return 'requested';
  },
});
