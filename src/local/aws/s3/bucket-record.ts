/** What is kept of a bucket: where it is, whose, and its settings in the words of the S3 API. */
import type { ReplicationConfiguration } from './replication/configuration.js';
import type { ObjectFilter } from './rule-filter.js';

export interface BucketRecord {
  readonly name: string;
  /** Unlike the name never used again: data is filed under it. */
  readonly id: string;
  readonly region: string;
  readonly createdAtMs: number;
  /** Absent as long as versioning was never switched on. */
  readonly versioning?: 'Enabled' | 'Suspended' | undefined;
  readonly encryption: BucketEncryption;
  readonly publicAccessBlock?: PublicAccessBlock | undefined;
  /** JSON, as it was put. */
  readonly policy?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly ownership?: 'BucketOwnerEnforced' | undefined;
  readonly lifecycle?: readonly LifecycleRule[] | undefined;
  readonly replication?: ReplicationConfiguration | undefined;
}

/** Every object is encrypted: with S3's own keys unless the bucket says otherwise. */
export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  readonly kmsKeyId?: string | undefined;
  readonly usesBucketKey: boolean;
}

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export interface LifecycleRule {
  readonly id: string;
  readonly isEnabled: boolean;
  readonly filter: ObjectFilter;
  /** Whether the filter was given as the rule's own Prefix, the older form. */
  readonly isOldForm: boolean;
  readonly expiration?: {
    readonly days?: number | undefined;
    readonly dateMs?: number | undefined;
    readonly removesLoneMarkers?: boolean | undefined;
  };
  readonly noncurrent?: { readonly days: number; readonly keeps?: number | undefined };
  readonly abortUploadsAfterDays?: number | undefined;
}

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}
