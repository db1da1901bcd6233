/**
 * Settings of a bucket that are kinds of their own: versioning, encryption, policy and so on.
 *
 * Each is one document of the bucket, put as a whole; its external name is the bucket's name, known once it has been put.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { isAwsError } from '../external/aws-error.js';
import type { Comparison } from '../external/drift.js';
import { absent, type External, type Removal } from '../external/external.js';
import type { Reference } from '../managed/references.js';

export interface BucketSettingParameters {
  readonly region: string;
  readonly bucket?: string;
}

export interface BucketSetting<P extends BucketSettingParameters> {
  readonly fields: readonly string[];
  readonly references?: readonly Reference[];
  readonly comparison?: Comparison;
  /** What the bucket has, in the shape of `forProvider`. */
  read(client: S3Client, bucket: string): Promise<Partial<P>>;
  /** S3's error code for a bucket without this setting. */
  readonly absentAs?: string;
  write(client: S3Client, bucket: string, wanted: P): Promise<unknown>;
  /** `left` where S3 keeps a setting of its own instead. */
  clear(client: S3Client, bucket: string): Promise<Removal>;
}

const BUCKET: Reference = { field: 'bucket', to: 's3/Bucket', take: 'externalName' };

export function bucketSetting<P extends BucketSettingParameters>(
  setting: BucketSetting<P>,
): External<P> {
  const gone = ['NoSuchBucket', ...(setting.absentAs === undefined ? [] : [setting.absentAs])];
  return {
    naming: 'assigned',
    fields: ['bucket', ...setting.fields],
    references: [BUCKET, ...(setting.references ?? [])],
    comparison: { ...setting.comparison, immutable: ['bucket'] },
    async observe({ name, region }, aws) {
      const client = aws.client('S3', S3Client, region);
      try {
        const atProvider = {
          ...(await setting.read(client, name)),
          id: name,
          bucket: name,
          region,
        };
        return { exists: true, atProvider, usable: true, detail: undefined };
      } catch (error) {
        if (isAwsError(error, ...gone)) return absent;
        throw error;
      }
    },
    async create({ region, forProvider }, aws) {
      const { bucket } = forProvider;
      if (bucket === undefined) throw new Error('spec.forProvider.bucket is required');
      await setting.write(aws.client('S3', S3Client, region), bucket, forProvider);
      return bucket;
    },
    async update({ name, region, forProvider }, aws) {
      await setting.write(aws.client('S3', S3Client, region), name, forProvider);
    },
    async remove({ name, region }, aws) {
      try {
        return await setting.clear(aws.client('S3', S3Client, region), name);
      } catch (error) {
        if (isAwsError(error, ...gone)) return 'requested';
        throw error;
      }
    },
  };
}
