/** Bucket (s3): the bucket itself and its tags; everything else about it is a kind of its own. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  S3Client,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import { unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';
import { fromTagPairs, toTagPairs, type Tags } from '../external/tags.js';
import { emptyBucket } from './empty-bucket.js';

interface BucketParameters {
  readonly region: string;
  readonly forceDestroy?: boolean;
  readonly objectLockEnabled?: boolean;
  readonly tags?: Tags;
}

/** The region whose buckets are created without naming it. */
const DEFAULT_REGION = 'us-east-1';

export const bucket: External<BucketParameters> = {
  naming: 'given',
  fields: ['forceDestroy', 'objectLockEnabled', 'tags'],
  comparison: { settings: ['forceDestroy', 'objectLockEnabled'], immutable: ['region'] },
  async observe({ name, region }, aws) {
    const client = aws.client('S3', S3Client, region);
    const head = await unlessAbsent(
      client.send(new HeadBucketCommand({ Bucket: name })),
      'NotFound',
      'NoSuchBucket',
    );
    if (head === undefined) return absent;
    const tagging = await unlessAbsent(
      client.send(new GetBucketTaggingCommand({ Bucket: name })),
      'NoSuchTagSet',
    );
    const tags = fromTagPairs(tagging?.TagSet);
    const actualRegion = head.BucketRegion ?? region;
    return {
      exists: true,
      atProvider: {
        arn: `arn:aws:s3:::${name}`,
        id: name,
        region: actualRegion,
        bucketRegion: actualRegion,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${actualRegion}.amazonaws.com`,
        tags,
        tagsAll: tags,
      },
      usable: true,
      detail: undefined,
    };
  },
  async create({ name, region, forProvider }, aws) {
    await aws.client('S3', S3Client, region).send(
      new CreateBucketCommand({
        Bucket: name,
        ...(region !== DEFAULT_REGION && {
          CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
        }),
        ...(forProvider.objectLockEnabled === true && { ObjectLockEnabledForBucket: true }),
      }),
    );
    return undefined;
  },
  async update({ name, region, forProvider }, aws) {
    const client = aws.client('S3', S3Client, region);
    const TagSet = toTagPairs(forProvider.tags);
    if (TagSet.length === 0) await client.send(new DeleteBucketTaggingCommand({ Bucket: name }));
    else await client.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
  },
  async remove({ name, region, forProvider }, aws) {
    const client = aws.client('S3', S3Client, region);
    if (forProvider.forceDestroy === true) await emptyBucket(client, name);
    await unlessAbsent(client.send(new DeleteBucketCommand({ Bucket: name })), 'NoSuchBucket');
    return 'requested';
  },
};
