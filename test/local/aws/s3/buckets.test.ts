import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  CreateBucketCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createS3 } from '../../../../src/local/aws/s3/service.js';
import type { Service } from '../../../../src/local/aws/service.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aBucket, aClient, EAST, WEST } from './a-bucket.js';

let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let east: S3Client;
let west: S3Client;

beforeAll(async () => {
  cloud = await aCloud();
  service = await createS3(cloud);
  endpoint = await aServiceEndpoint(service);
  east = aClient(endpoint.url, EAST);
  west = aClient(endpoint.url, WEST);
});

afterAll(async () => {
  east.destroy();
  west.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
  await removeCloud(cloud);
});

describe('a bucket', () => {
  test('is in the region it was made in, and found from everywhere', async () => {
    await aBucket(west, 'in-the-west');
    const { LocationConstraint } = await east.send(
      new GetBucketLocationCommand({ Bucket: 'in-the-west' }),
    );
    expect(LocationConstraint).toBe(WEST);
    const { BucketRegion } = await west.send(new HeadBucketCommand({ Bucket: 'in-the-west' }));
    expect(BucketRegion).toBe(WEST);
    const { Buckets } = await east.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain('in-the-west');
  });

  test('of another region is redirected to with the region named', async () => {
    await aBucket(west, 'elsewhere');
    await expect(
      east.send(new PutObjectCommand({ Bucket: 'elsewhere', Key: 'k', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'PermanentRedirect', $metadata: { httpStatusCode: 301 } });
  });

  test.each([
    { sentence: 'has no underscore', Bucket: 'no_underscore', code: 'InvalidBucketName' },
    { sentence: 'has at least three letters', Bucket: 'ab', code: 'InvalidBucketName' },
    { sentence: 'is no IP address', Bucket: '10.0.0.1', code: 'InvalidBucketName' },
  ])('has a name that $sentence', async ({ Bucket, code }) => {
    await expect(east.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: code,
    });
  });

  test('cannot be made twice, nor in one region for another', async () => {
    await aBucket(west, 'taken');
    await expect(aBucket(west, 'taken')).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await expect(
      west.send(
        new CreateBucketCommand({
          Bucket: 'elsewhere-constrained',
          CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
        }),
      ),
    ).rejects.toMatchObject({ name: 'IllegalLocationConstraintException' });
  });

  test('with an object in it is not deleted, and an empty one is', async () => {
    const Bucket = await aBucket(east, 'not-empty');
    await east.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await expect(east.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    await aBucket(east, 'empty');
    await east.send(new DeleteBucketCommand({ Bucket: 'empty' }));
    await expect(east.send(new HeadBucketCommand({ Bucket: 'empty' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('is new with encryption, owner-enforced and closed to the public', async () => {
    const Bucket = await aBucket(east, 'fresh', { isVersioned: false });
    const versioning = await east.send(new GetBucketVersioningCommand({ Bucket }));
    expect(versioning.Status).toBeUndefined();
    const encryption = await east.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
    ]);
    const ownership = await east.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(ownership.OwnershipControls?.Rules).toEqual([
      { ObjectOwnership: 'BucketOwnerEnforced' },
    ]);
    const block = await east.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(block.PublicAccessBlockConfiguration ?? {})).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const { Grants } = await east.send(new GetBucketAclCommand({ Bucket }));
    expect(Grants).toMatchObject([
      { Permission: 'FULL_CONTROL', Grantee: { Type: 'CanonicalUser' } },
    ]);
  });

  test('keeps tags, encryption by KMS and lifecycle rules as they were put', async () => {
    const Bucket = await aBucket(east, 'configured');
    await expect(east.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchTagSet',
    });
    const TagSet = [{ Key: 'team', Value: 'payments & <more>' }];
    await east.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    const tagging = await east.send(new GetBucketTaggingCommand({ Bucket }));
    expect(tagging.TagSet).toEqual(TagSet);

    const byDefault = {
      SSEAlgorithm: 'aws:kms' as const,
      KMSMasterKeyID: 'arn:aws:kms:us-east-1:123456789012:key/k',
    };
    const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }];
    await east.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
    const encryption = await east.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual(Rules);

    const lifecycle = {
      ID: 'old-versions',
      Status: 'Enabled' as const,
      Filter: { Prefix: 'transactions/' },
      NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 3 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    };
    await east.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: [lifecycle] },
      }),
    );
    const read = await east.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(read.Rules).toEqual([lifecycle]);
  });

  test('refuses what is not done here, as S3 says it', async () => {
    const Bucket = await aBucket(east, 'refusing');
    await expect(
      east.send(
        new PutBucketCorsCommand({
          Bucket,
          CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
        }),
      ),
    ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
    await expect(
      east.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: {
            Rules: [
              {
                ID: 'archive',
                Status: 'Enabled',
                Filter: { Prefix: '' },
                Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
              },
            ],
          },
        }),
      ),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(
      east.send(new PutBucketAclCommand({ Bucket, ACL: 'private' })),
    ).rejects.toMatchObject({ name: 'AccessControlListNotSupported' });
    await expect(
      east.send(
        new PutBucketTaggingCommand({
          Bucket,
          Tagging: {
            TagSet: [
              { Key: 'team', Value: 'one' },
              { Key: 'team', Value: 'other' },
            ],
          },
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidTag' });
    await expect(
      east.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true })),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('a bucket policy', () => {
  const tlsOnly = (bucket: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });

  test('comes back as it was put, and is gone after it was deleted', async () => {
    const Bucket = await aBucket(east, 'with-policy');
    await east.send(new PutBucketPolicyCommand({ Bucket, Policy: tlsOnly(Bucket) }));
    const { Policy } = await east.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).toBe(tlsOnly(Bucket));
    await east.send(new DeleteBucketPolicyCommand({ Bucket }));
    await expect(east.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchBucketPolicy',
    });
  });

  test('goes to IAM with every call, which counts as sent over TLS', async () => {
    const Bucket = await aBucket(east, 'policed');
    await east.send(new PutBucketPolicyCommand({ Bucket, Policy: tlsOnly(Bucket) }));
    const asked: unknown[] = [];
    cloud.allow(({ action, resource, context, resourcePolicy }) => {
      asked.push({ action, resource, context, resourcePolicy });
      return false;
    });
    await expect(
      east.send(new PutObjectCommand({ Bucket, Key: 'a/b c', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    cloud.allow(() => true);
    expect(asked).toEqual([
      {
        action: 's3:PutObject',
        resource: `arn:aws:s3:::${Bucket}/a/b c`,
        context: { 'aws:SecureTransport': 'true' },
        resourcePolicy: tlsOnly(Bucket),
      },
    ]);
  });

  test('that opens the bucket to everybody is refused unless the block on it is lifted', async () => {
    const Bucket = await aBucket(east, 'public');
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
      ],
    });
    const put = new PutBucketPolicyCommand({ Bucket, Policy });
    await expect(east.send(put)).rejects.toMatchObject({ name: 'AccessDenied' });
    await east.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { BlockPublicPolicy: false },
      }),
    );
    await expect(east.send(put)).resolves.toMatchObject({ $metadata: { httpStatusCode: 204 } });
  });

  test.each([
    { sentence: 'is no JSON', Policy: '{' },
    {
      sentence: 'is about another bucket',
      Policy: JSON.stringify({
        Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::x' },
      }),
    },
    {
      sentence: 'has a condition of a kind there is not',
      Policy: JSON.stringify({
        Statement: {
          ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::malformed' },
          Condition: { Sometimes: { 'aws:SecureTransport': 'false' } },
        },
      }),
    },
    {
      sentence: 'has a member that statements have not',
      Policy: JSON.stringify({
        Statement: {
          ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::malformed' },
          Colour: 'red',
        },
      }),
    },
    {
      sentence: 'is about the objects of another bucket',
      Policy: JSON.stringify({
        Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::x/*' },
      }),
    },
  ])('is malformed when it $sentence', async ({ Policy }) => {
    await east.send(new CreateBucketCommand({ Bucket: 'malformed' })).catch(() => undefined);
    await expect(
      east.send(new PutBucketPolicyCommand({ Bucket: 'malformed', Policy })),
    ).rejects.toMatchObject({ name: 'MalformedPolicy' });
    await expect(
      east.send(new DeleteBucketPolicyCommand({ Bucket: 'malformed' })),
    ).resolves.toBeDefined();
  });
});
