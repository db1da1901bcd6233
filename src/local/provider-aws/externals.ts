/**
 * The kinds of AWS resources that this provider can look after, each loaded with its service's SDK when it is first needed.
 */
import type { KindName } from '../../model/managed/kinds.js';
import { erase, type External } from './external/external.js';

/** Loads what a kind's reconciler calls. */
export type LoadExternal = () => Promise<External>;

export const EXTERNALS: Readonly<Record<KindName, LoadExternal>> = {
  Table: async () => erase((await import('./dynamodb/table.js')).table),
  Bucket: async () => erase((await import('./s3/bucket.js')).bucket),
  BucketVersioning: async () => erase((await import('./s3/bucket-versioning.js')).bucketVersioning),
  BucketPublicAccessBlock: async () =>
    erase((await import('./s3/bucket-public-access-block.js')).bucketPublicAccessBlock),
  BucketServerSideEncryptionConfiguration: async () =>
    erase((await import('./s3/bucket-encryption.js')).bucketEncryption),
  BucketPolicy: async () => erase((await import('./s3/bucket-policy.js')).bucketPolicy),
  BucketReplicationConfiguration: async () =>
    erase((await import('./s3/bucket-replication.js')).bucketReplication),
  BucketLifecycleConfiguration: async () =>
    erase((await import('./s3/bucket-lifecycle.js')).bucketLifecycle),
  Role: async () => erase((await import('./iam/role.js')).role),
  RolePolicy: async () => erase((await import('./iam/role-policy.js')).rolePolicy),
  Function: async () => erase((await import('./lambda/function.js')).lambdaFunction),
  FunctionEventInvokeConfig: async () =>
    erase((await import('./lambda/function-event-invoke-config.js')).functionEventInvokeConfig),
  Topic: async () => erase((await import('./sns/topic.js')).topic),
  TopicPolicy: async () => erase((await import('./sns/topic-policy.js')).topicPolicy),
  TopicSubscription: async () =>
    erase((await import('./sns/topic-subscription.js')).topicSubscription),
  MetricAlarm: async () => erase((await import('./cloudwatch/metric-alarm.js')).metricAlarm),
};
