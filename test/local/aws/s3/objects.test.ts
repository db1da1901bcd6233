import * as sdk from '@aws-sdk/client-s3';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type ChecksumAlgorithm,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createS3 } from '../../../../src/local/aws/s3/service.js';
import type { Service } from '../../../../src/local/aws/service.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aBucket, aClient, EAST, textOf } from './a-bucket.js';

let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let s3: S3Client;

beforeAll(async () => {
  cloud = await aCloud();
  service = await createS3(cloud);
  endpoint = await aServiceEndpoint(service);
  s3 = aClient(endpoint.url, EAST);
  await aBucket(s3, 'versioned');
  await aBucket(s3, 'plain', { isVersioned: false });
});

afterAll(async () => {
  s3.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
  await removeCloud(cloud);
});

const put = (Bucket: string, Key: string, Body: string | Buffer = 'x') =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }));

/** What stands alone in the query of the model's paths: `/{Key+}?renameObject`. */
function subresourcesOfTheModel(): string[] {
  const paths = (Object.values(sdk) as unknown[]).flatMap((schema) => {
    const [, , , traits] = Array.isArray(schema) ? (schema as unknown[]) : [];
    const { http } = (traits ?? {}) as { http?: readonly [string, string] };
    return http === undefined ? [] : [http[1]];
  });
  const names = paths.flatMap((path) => path.split('?')[1]?.split('&') ?? []);
  return [...new Set(names)].filter((name) => !name.includes('='));
}

describe('an object', () => {
  test('comes back with its body, headers, metadata and ETag', async () => {
    await s3.send(
      new PutObjectCommand({
        Bucket: 'plain',
        Key: 'ünï/çode & spaces+plus.json',
        Body: '{"a":1}',
        ContentType: 'application/json',
        CacheControl: 'no-store',
        Metadata: { origin: 'test' },
      }),
    );
    const read = await s3.send(
      new GetObjectCommand({ Bucket: 'plain', Key: 'ünï/çode & spaces+plus.json' }),
    );
    expect(read).toMatchObject({
      ContentType: 'application/json',
      CacheControl: 'no-store',
      ContentLength: 7,
      ETag: `"${createHash('md5').update('{"a":1}').digest('hex')}"`,
      Metadata: { origin: 'test' },
      ServerSideEncryption: 'AES256',
    });
    expect(read.VersionId).toBeUndefined();
    expect(await read.Body?.transformToString()).toBe('{"a":1}');
  });

  test('that is large lives in a file and comes back whole, and in ranges', async () => {
    const body = Buffer.alloc(1_000_000, 'abcdefghij');
    await put('plain', 'large', body);
    const whole = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'large' }));
    expect(Buffer.from((await whole.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    const range = await s3.send(
      new GetObjectCommand({ Bucket: 'plain', Key: 'large', Range: 'bytes=10-14' }),
    );
    expect(range).toMatchObject({ ContentRange: 'bytes 10-14/1000000', ContentLength: 5 });
    expect(await range.Body?.transformToString()).toBe('abcde');
    const tail = await s3.send(
      new GetObjectCommand({ Bucket: 'plain', Key: 'large', Range: 'bytes=-3' }),
    );
    expect(await tail.Body?.transformToString()).toBe('hij');
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'large', Range: 'bytes=1000000-' })),
    ).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });

  test('is described by HeadObject without its body', async () => {
    await put('plain', 'headed', '12345');
    await expect(
      s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'headed' })),
    ).resolves.toMatchObject({ ContentLength: 5 });
    await expect(
      s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'missing' })),
    ).rejects.toMatchObject({ name: 'NotFound' });
  });

  test.each(subresourcesOfTheModel())('is not overwritten by a PUT about its %s', async (name) => {
    await put('plain', 'kept', 'content');
    const answer = await fetch(`${endpoint.url}/plain/kept?${name}`, { method: 'PUT' });
    expect(answer.ok).toBe(false);
    await expect(textOf(s3, 'plain', 'kept')).resolves.toBe('content');
  });

  test('that is missing is hidden from callers who may not list', async () => {
    cloud.allow(({ action }) => action !== 's3:ListBucket');
    await expect(textOf(s3, 'plain', 'missing')).rejects.toMatchObject({ name: 'AccessDenied' });
    cloud.allow(() => true);
    await expect(textOf(s3, 'plain', 'missing')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test.each<{
    algorithm: ChecksumAlgorithm;
    field: 'ChecksumCRC32' | 'ChecksumCRC32C' | 'ChecksumSHA1' | 'ChecksumSHA256';
  }>([
    { algorithm: 'CRC32', field: 'ChecksumCRC32' },
    { algorithm: 'CRC32C', field: 'ChecksumCRC32C' },
    { algorithm: 'SHA1', field: 'ChecksumSHA1' },
    { algorithm: 'SHA256', field: 'ChecksumSHA256' },
  ])(
    'is verified by $algorithm when it comes and when it is read',
    async ({ algorithm, field }) => {
      const Key = `checked-${algorithm}`;
      const written = await s3.send(
        new PutObjectCommand({ Bucket: 'plain', Key, Body: 'body', ChecksumAlgorithm: algorithm }),
      );
      const head = await s3.send(
        new HeadObjectCommand({ Bucket: 'plain', Key, ChecksumMode: 'ENABLED' }),
      );
      expect(head[field]).toBe(written[field]);
      expect(await textOf(s3, 'plain', Key)).toBe('body');
      await expect(
        s3.send(
          new PutObjectCommand({ Bucket: 'plain', Key, Body: 'other', [field]: written[field] }),
        ),
      ).rejects.toMatchObject({ name: 'BadDigest' });
    },
  );

  test('is written only under the conditions of its writer', async () => {
    const Key = 'conditional';
    const first = new PutObjectCommand({ Bucket: 'plain', Key, Body: '1', IfNoneMatch: '*' });
    const { ETag } = await s3.send(first);
    await expect(s3.send(first)).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    const second = new PutObjectCommand({ Bucket: 'plain', Key, Body: '2', IfMatch: ETag });
    await s3.send(second);
    await expect(s3.send(second)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(
      s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'absent', Body: 'x', IfMatch: ETag })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('is read only under the conditions of its reader', async () => {
    const { ETag } = await put('plain', 'read-if');
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'read-if', IfNoneMatch: ETag })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'read-if', IfMatch: '"other"' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('is copied with its metadata and tags, or with new ones', async () => {
    await s3.send(
      new PutObjectCommand({
        Bucket: 'plain',
        Key: 'original é',
        Body: 'copied',
        Metadata: { a: '1' },
        Tagging: 'k=v',
      }),
    );
    const CopySource = `plain/${encodeURIComponent('original é')}`;
    await s3.send(new CopyObjectCommand({ Bucket: 'versioned', Key: 'copy', CopySource }));
    const copy = await s3.send(new GetObjectCommand({ Bucket: 'versioned', Key: 'copy' }));
    expect(copy).toMatchObject({ Metadata: { a: '1' }, TagCount: 1 });
    await s3.send(
      new CopyObjectCommand({
        Bucket: 'plain',
        Key: 'original é',
        CopySource,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
      }),
    );
    const replaced = await s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'original é' }));
    expect(replaced.Metadata).toEqual({ b: '2' });
    await expect(
      s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'original é', CopySource })),
    ).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  test('has tags of its own', async () => {
    await put('plain', 'tagged');
    const at = { Bucket: 'plain', Key: 'tagged' };
    const TagSet = [{ Key: 'k', Value: 'v' }];
    await s3.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet } }));
    await expect(s3.send(new GetObjectTaggingCommand(at))).resolves.toMatchObject({ TagSet });
    await s3.send(new DeleteObjectTaggingCommand(at));
    await expect(s3.send(new GetObjectTaggingCommand(at))).resolves.toMatchObject({ TagSet: [] });
  });

  test('refuses access control lists, as every bucket enforces its owner', async () => {
    await expect(
      s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'acl', Body: 'x', ACL: 'public-read' })),
    ).rejects.toMatchObject({ name: 'AccessControlListNotSupported' });
  });
});

describe('versions', () => {
  test('are kept, named, hidden by a delete marker, and removed one by one', async () => {
    const at = { Bucket: 'versioned', Key: 'v' };
    const one = await put('versioned', 'v', 'one');
    const two = await put('versioned', 'v', 'two');
    expect(await textOf(s3, 'versioned', 'v')).toBe('two');
    expect(await textOf(s3, 'versioned', 'v', one.VersionId)).toBe('one');

    const marker = await s3.send(new DeleteObjectCommand(at));
    expect(marker.DeleteMarker).toBe(true);
    await expect(textOf(s3, 'versioned', 'v')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(textOf(s3, 'versioned', 'v', marker.VersionId)).rejects.toMatchObject({
      name: 'MethodNotAllowed',
    });

    const listed = await s3.send(
      new ListObjectVersionsCommand({ Bucket: 'versioned', Prefix: 'v' }),
    );
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [two.VersionId, false],
      [one.VersionId, false],
    ]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);

    await s3.send(new DeleteObjectCommand({ ...at, VersionId: marker.VersionId }));
    expect(await textOf(s3, 'versioned', 'v')).toBe('two');
    await s3.send(new DeleteObjectCommand({ ...at, VersionId: two.VersionId }));
    expect(await textOf(s3, 'versioned', 'v')).toBe('one');
    await expect(textOf(s3, 'versioned', 'v', two.VersionId)).rejects.toMatchObject({
      name: 'NoSuchVersion',
    });
  });

  test('stop when versioning is suspended: the null version is then replaced', async () => {
    const Bucket = await aBucket(s3, 'suspended');
    const kept = await put(Bucket, 'k', 'kept');
    await s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
    );
    await put(Bucket, 'k', 'null 1');
    await put(Bucket, 'k', 'null 2');
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', kept.VersionId]);
    expect(await textOf(s3, Bucket, 'k')).toBe('null 2');
  });

  test('are paged, each shown once', async () => {
    const Bucket = await aBucket(s3, 'paged-versions');
    for (const key of ['a', 'a', 'a', 'b', 'b', 'c']) await put(Bucket, key);
    const seen: string[] = [];
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, KeyMarker, VersionIdMarker }),
      );
      seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
      KeyMarker = page.NextKeyMarker;
      VersionIdMarker = page.NextVersionIdMarker;
    } while (KeyMarker !== undefined);
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
  });

  test('of many keys are deleted in one call, each with its result', async () => {
    const Bucket = await aBucket(s3, 'bulk');
    const one = await put(Bucket, 'one');
    await put(Bucket, 'two');
    const { Deleted } = await s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: 'one', VersionId: one.VersionId }, { Key: 'two' }] },
      }),
    );
    expect(Deleted).toMatchObject([
      { Key: 'one', VersionId: one.VersionId },
      { Key: 'two', DeleteMarker: true },
    ]);
  });
});

describe('a listing', () => {
  beforeAll(async () => {
    await aBucket(s3, 'listed');
    for (const key of ['a/1', 'a/2', 'a/b/3', 'b', 'c/4', 'é', 'gone']) await put('listed', key);
    await s3.send(new DeleteObjectCommand({ Bucket: 'listed', Key: 'gone' }));
  });

  const keys = (contents: { Key?: string | undefined }[] | undefined) =>
    (contents ?? []).map(({ Key }) => Key);

  test('has the current objects in the order of their bytes', async () => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'listed' }));
    expect(keys(Contents)).toEqual(['a/1', 'a/2', 'a/b/3', 'b', 'c/4', 'é']);
    const old = await s3.send(new ListObjectsCommand({ Bucket: 'listed', Marker: 'b' }));
    expect(keys(old.Contents)).toEqual(['c/4', 'é']);
  });

  test('groups keys by a delimiter', async () => {
    const top = await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/' }));
    expect(keys(top.Contents)).toEqual(['b', 'é']);
    expect(top.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'c/' }]);
    const inner = await s3.send(
      new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/', Prefix: 'a/' }),
    );
    expect(keys(inner.Contents)).toEqual(['a/1', 'a/2']);
    expect(inner.CommonPrefixes).toEqual([{ Prefix: 'a/b/' }]);
  });

  test('comes in pages that together are everything', async () => {
    const seen: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({
          Bucket: 'listed',
          Delimiter: '/',
          MaxKeys: 1,
          ContinuationToken,
        }),
      );
      expect(page.KeyCount).toBe(1);
      seen.push(...keys(page.Contents), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(['a/', 'b', 'c/', 'é']);
  });
});

describe('a marker that S3 never gave', () => {
  test.each([
    {
      sentence: 'a continuation token',
      call: () =>
        s3.send(new ListObjectsV2Command({ Bucket: 'versioned', ContinuationToken: 'zzz' })),
    },
    {
      sentence: 'a version to list from',
      call: () =>
        s3.send(
          new ListObjectVersionsCommand({
            ...{ Bucket: 'versioned', KeyMarker: 'a', VersionIdMarker: 'zz' },
          }),
        ),
    },
    {
      sentence: 'a version to delete',
      call: () =>
        s3.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'a', VersionId: 'zz' })),
    },
  ])('is refused as $sentence', async ({ call }) => {
    await expect(call()).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('an upload in parts', () => {
  const at = { Bucket: 'versioned', Key: 'in-parts' };
  const large = Buffer.alloc(5 * 1024 * 1024, 'p');

  test('becomes one object with the ETag of its parts, readable by part', async () => {
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'CRC32', Metadata: { m: '1' } }),
    );
    const Parts = [];
    for (const [index, Body] of [large, Buffer.from('tail')].entries()) {
      const PartNumber = index + 1;
      const { ETag, ChecksumCRC32 } = await s3.send(
        new UploadPartCommand({ ...at, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' }),
      );
      Parts.push({ PartNumber, ETag, ChecksumCRC32 });
    }
    const listed = await s3.send(new ListPartsCommand({ ...at, UploadId }));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([large.length, 4]);
    const done = await s3.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }),
    );
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(done.ChecksumCRC32).toMatch(/-2$/);
    const tail = await s3.send(new GetObjectCommand({ ...at, PartNumber: 2 }));
    expect(await tail.Body?.transformToString()).toBe('tail');
    const attributes = await s3.send(
      new GetObjectAttributesCommand({ ...at, ObjectAttributes: ['ObjectSize', 'ObjectParts'] }),
    );
    expect(attributes).toMatchObject({
      ObjectSize: large.length + 4,
      ObjectParts: { TotalPartsCount: 2 },
    });
  });

  test('takes the checksums of its own algorithm, and all of them at the end', async () => {
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'SHA256' }),
    );
    const upload = (ChecksumAlgorithm: ChecksumAlgorithm, PartNumber = 1) =>
      s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body: 'x', ChecksumAlgorithm }));
    await expect(upload('CRC32')).rejects.toMatchObject({
      name: 'InvalidRequest',
      message:
        'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    });
    await expect(upload('CRC32', 10_001)).rejects.toMatchObject({ name: 'InvalidArgument' });
    const { ETag } = await upload('SHA256');
    await expect(
      s3.send(
        new CompleteMultipartUploadCommand({
          ...at,
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
        }),
      ),
    ).rejects.toThrow(/It was missing for part 1 in the request\.$/);
    await s3.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
  });

  test.each(['bytes=2-4', 'bytes=2-', 'bytes=-2', '0-1'])(
    'copies no range %s of three bytes',
    async (CopySourceRange) => {
      await put('versioned', 'three-bytes', 'abc');
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
      const copy = (range: string) =>
        s3.send(
          new UploadPartCopyCommand({
            ...{ ...at, UploadId, PartNumber: 1, CopySourceRange: range },
            CopySource: 'versioned/three-bytes',
          }),
        );
      await expect(copy(CopySourceRange)).rejects.toMatchObject({ name: 'InvalidArgument' });
      await expect(copy('bytes=1-2')).resolves.toMatchObject({
        CopyPartResult: { ETag: `"${createHash('md5').update('bc').digest('hex')}"` },
      });
      await s3.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
    },
  );

  test('is refused with parts that are too small, unknown or out of order', async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    const etags = await Promise.all(
      [1, 2].map((PartNumber) =>
        s3
          .send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body: 'small' }))
          .then(({ ETag }) => ETag),
      ),
    );
    const complete = (numbers: number[]) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          ...at,
          UploadId,
          MultipartUpload: {
            Parts: numbers.map((PartNumber) => ({ PartNumber, ETag: etags[0] })),
          },
        }),
      );
    await expect(complete([1, 2])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([3])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([2, 1])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'versioned' }));
    expect(uploads.Uploads).toMatchObject([{ UploadId }]);
    await s3.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
    await expect(complete([1])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});
