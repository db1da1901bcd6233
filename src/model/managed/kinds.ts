/** Every managed kind that a claim is made of. */
import { MetricAlarm } from './alarms.js';
import {
  Bucket,
  BucketLifecycleConfiguration,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketReplicationConfiguration,
  BucketServerSideEncryptionConfiguration,
  BucketVersioning,
} from './buckets.js';
import { Function, FunctionEventInvokeConfig } from './functions.js';
import { FORMS, served, type ManagedKind, type ServedKind } from './kind.js';
import { Role, RolePolicy } from './roles.js';
import { Table } from './table.js';
import { Topic, TopicPolicy, TopicSubscription } from './topics.js';

export const KINDS = {
  Table,
  Bucket,
  BucketVersioning,
  BucketPublicAccessBlock,
  BucketServerSideEncryptionConfiguration,
  BucketPolicy,
  BucketLifecycleConfiguration,
  BucketReplicationConfiguration,
  Role,
  RolePolicy,
  Function,
  FunctionEventInvokeConfig,
  Topic,
  TopicPolicy,
  TopicSubscription,
  MetricAlarm,
} as const;

export type Kinds = typeof KINDS;
export type KindName = keyof Kinds;

/** Each kind in each of its forms, as the API server serves it. */
export const MANAGED_KINDS: readonly ServedKind[] = FORMS.flatMap((form) =>
  Object.values<ManagedKind>(KINDS).map((kind) => served(kind, form)),
);
