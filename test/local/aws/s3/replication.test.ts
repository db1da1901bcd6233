import {
  DeleteBucketReplicationCommand,
  DeleteObjectCommand,
  GetBucketReplicationCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type ReplicationRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createS3 } from '../../../../src/local/aws/s3/service.js';
import type { Service } from '../../../../src/local/aws/service.js';
import { systemClock } from '../../../../src/support/clock.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aBucket, aClient, aRule, EAST, replicate, ROLE, textOf, until, WEST } from './a-bucket.js';

const PRIMARY = 'payment-audit-primary-dev';
const SECONDARY = 'payment-audit-secondary-dev';

let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let east: S3Client;
let west: S3Client;

beforeEach(async () => {
  cloud = await aCloud();
  await serve();
  await aBucket(east, PRIMARY);
  await aBucket(west, SECONDARY);
});

afterEach(async () => {
  await stop();
  await removeCloud(cloud);
});

async function serve(): Promise<void> {
  service = await createS3(cloud);
  endpoint = await aServiceEndpoint(service);
  east = aClient(endpoint.url, EAST);
  west = aClient(endpoint.url, WEST);
}

async function stop(): Promise<void> {
  east.destroy();
  west.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
}

const replicateBothWays = async () => {
  await replicate(east, PRIMARY, aRule(SECONDARY));
  await replicate(west, SECONDARY, aRule(PRIMARY));
};

const put = (Key: string, Body = 'x', Tagging?: string) =>
  east.send(new PutObjectCommand({ Bucket: PRIMARY, Key, Body, Tagging }));

const statusOf = async (client: S3Client, Bucket: string, Key: string) =>
  (await client.send(new HeadObjectCommand({ Bucket, Key }))).ReplicationStatus;

const untilStatus = (Key: string, status: string) =>
  until(async () => ((await statusOf(east, PRIMARY, Key)) === status ? status : undefined));

describe('a replicated object', () => {
  test('arrives with its version id, and both sides say how it went', async () => {
    await replicateBothWays();
    const { VersionId } = await put('k', 'audit', 'team=payments');
    expect(await untilStatus('k', 'COMPLETED')).toBe('COMPLETED');
    const replica = await west.send(new HeadObjectCommand({ Bucket: SECONDARY, Key: 'k' }));
    expect(replica).toMatchObject({ VersionId, ReplicationStatus: 'REPLICA', TagCount: 1 });
    expect(await textOf(west, SECONDARY, 'k')).toBe('audit');
    const versions = await east.send(new ListObjectVersionsCommand({ Bucket: PRIMARY }));
    expect(versions.Versions).toHaveLength(1);
  });

  test('stays beside the one of the other region that was written at the very same time', async () => {
    await stop();
    const atMs = systemClock.now();
    cloud = await aCloud({
      directory: cloud.directory,
      clock: { ...systemClock, now: () => atMs },
    });
    cloud.network.lag = 0;
    await serve();
    await replicateBothWays();
    cloud.network.cut(EAST, WEST);
    const here = await put('k', 'east');
    const there = await west.send(
      new PutObjectCommand({ Bucket: SECONDARY, Key: 'k', Body: 'west' }),
    );
    cloud.network.heal();
    const idsIn = async (client: S3Client, Bucket: string) => {
      const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
      return Versions.length < 2 ? undefined : Versions.map(({ VersionId }) => VersionId);
    };
    const inEast = await until(() => idsIn(east, PRIMARY));
    expect([...inEast].sort()).toEqual([here.VersionId, there.VersionId].sort());
    expect(await until(() => idsIn(west, SECONDARY))).toEqual(inEast);
    expect(await textOf(west, SECONDARY, 'k')).toBe(await textOf(east, PRIMARY, 'k'));
  });

  test('is pending while the regions are apart, also over a restart, and arrives after', async () => {
    await replicateBothWays();
    cloud.network.cut(EAST, WEST);
    await put('waiting');
    expect(await statusOf(east, PRIMARY, 'waiting')).toBe('PENDING');
    await stop();
    cloud = await aCloud({ directory: cloud.directory });
    cloud.network.cut(EAST, WEST);
    await serve();
    await expect(textOf(west, SECONDARY, 'waiting')).rejects.toMatchObject({ name: 'NoSuchKey' });
    cloud.network.heal();
    expect(await untilStatus('waiting', 'COMPLETED')).toBe('COMPLETED');
  });

  test('loses nothing when both sides write one key while apart, and both end with the same current version', async () => {
    await replicateBothWays();
    cloud.network.cut(EAST, WEST);
    await put('both', 'east');
    await west.send(new PutObjectCommand({ Bucket: SECONDARY, Key: 'both', Body: 'west' }));
    cloud.network.heal();
    const settled = await until(async () => {
      const lists = await Promise.all([
        east.send(new ListObjectVersionsCommand({ Bucket: PRIMARY })),
        west.send(new ListObjectVersionsCommand({ Bucket: SECONDARY })),
      ]);
      const ids = lists.map(({ Versions = [] }) => Versions.map(({ VersionId }) => VersionId));
      return ids.every(({ length }) => length === 2) ? ids : undefined;
    });
    expect(settled[0]).toEqual(settled[1]);
    expect(await textOf(east, PRIMARY, 'both')).toBe('west');
  });

  test('is hidden by a replicated delete marker; a deletion by version id stays where it was', async () => {
    await replicateBothWays();
    const { VersionId } = await put('k');
    await untilStatus('k', 'COMPLETED');
    await east.send(new DeleteObjectCommand({ Bucket: PRIMARY, Key: 'k' }));
    const hidden = await until(() =>
      textOf(west, SECONDARY, 'k').then(
        () => undefined,
        (error: unknown) => (error as Error).name,
      ),
    );
    expect(hidden).toBe('NoSuchKey');
    await east.send(new DeleteObjectCommand({ Bucket: PRIMARY, Key: 'k', VersionId }));
    await put('marker');
    await untilStatus('marker', 'COMPLETED');
    expect(await textOf(west, SECONDARY, 'k', VersionId)).toBe('x');
  });

  test('keeps its tags in step, from either side', async () => {
    await replicateBothWays();
    await put('k');
    await untilStatus('k', 'COMPLETED');
    const retag = (client: S3Client, Bucket: string, Value: string) =>
      client.send(
        new PutObjectTaggingCommand({
          Bucket,
          Key: 'k',
          Tagging: { TagSet: [{ Key: 'state', Value }] },
        }),
      );
    const untilTag = (client: S3Client, Bucket: string, value: string) =>
      until(async () => {
        const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }));
        return TagSet?.[0]?.Value === value ? value : undefined;
      });
    await retag(east, PRIMARY, 'one');
    expect(await untilTag(west, SECONDARY, 'one')).toBe('one');
    await retag(west, SECONDARY, 'two');
    expect(await untilTag(east, PRIMARY, 'two')).toBe('two');
  });

  test.each([
    's3:GetReplicationConfiguration',
    's3:ListBucket',
    's3:GetObjectVersionForReplication',
    's3:GetObjectVersionAcl',
    's3:GetObjectVersionTagging',
    's3:ReplicateObject',
    's3:ReplicateTags',
  ])('fails where the role may not %s', async (denied) => {
    await replicate(east, PRIMARY, aRule(SECONDARY));
    cloud.allow(({ caller, action }) => caller.kind !== 'role' || action !== denied);
    await put('k', 'x', 'team=payments');
    expect(await untilStatus('k', 'FAILED')).toBe('FAILED');
    const { Versions } = await west.send(new ListObjectVersionsCommand({ Bucket: SECONDARY }));
    expect(Versions).toBeUndefined();
  });

  test('fails where the destination stopped keeping versions', async () => {
    await replicate(east, PRIMARY, aRule(SECONDARY));
    await west.send(
      new PutBucketVersioningCommand({
        Bucket: SECONDARY,
        VersioningConfiguration: { Status: 'Suspended' },
      }),
    );
    await put('k');
    expect(await untilStatus('k', 'FAILED')).toBe('FAILED');
  });

  test('is one that a rule is about: by prefix and tag, and not what was there before', async () => {
    await put('in/before');
    await replicate(
      east,
      PRIMARY,
      aRule(SECONDARY, {
        DeleteMarkerReplication: { Status: 'Disabled' },
        Filter: { And: { Prefix: 'in/', Tags: [{ Key: 'a', Value: 'b' }] } },
      }),
    );
    await put('in/untagged');
    await put('out/tagged', 'x', 'a=b');
    await put('in/tagged', 'x', 'a=b');
    await untilStatus('in/tagged', 'COMPLETED');
    const { Versions } = await west.send(new ListObjectVersionsCommand({ Bucket: SECONDARY }));
    expect(Versions?.map(({ Key }) => Key)).toEqual(['in/tagged']);
    expect(await statusOf(east, PRIMARY, 'in/untagged')).toBeUndefined();
  });

  test('is measured: pending and latency in the destination, failures in the source', async () => {
    await replicateBothWays();
    cloud.network.cut(EAST, WEST);
    await put('k', '12345');
    const metric = (name: string) => cloud.recorded.filter((datum) => datum.name === name).at(-1);
    expect(metric('BytesPendingReplication')).toMatchObject({
      region: WEST,
      namespace: 'AWS/S3',
      value: 5,
      dimensions: {
        SourceBucket: PRIMARY,
        DestinationBucket: SECONDARY,
        RuleId: 'replicate-all',
      },
    });
    cloud.network.heal();
    await untilStatus('k', 'COMPLETED');
    expect(metric('OperationsPendingReplication')).toMatchObject({ region: WEST, value: 0 });
    expect(metric('ReplicationLatency')).toMatchObject({ region: WEST, unit: 'Seconds' });
    cloud.allow(({ caller }) => caller.kind !== 'role');
    await put('failing');
    await untilStatus('failing', 'FAILED');
    expect(metric('OperationsFailedReplication')).toMatchObject({ region: EAST, value: 1 });
  });
});

describe('a replication configuration', () => {
  test('comes back as it was put, and can be removed', async () => {
    const rule = aRule(SECONDARY);
    await replicate(east, PRIMARY, rule);
    const at = { Bucket: PRIMARY };
    const { ReplicationConfiguration } = await east.send(new GetBucketReplicationCommand(at));
    expect(ReplicationConfiguration).toEqual({ Role: ROLE, Rules: [rule] });
    await east.send(new DeleteBucketReplicationCommand(at));
    await expect(east.send(new GetBucketReplicationCommand(at))).rejects.toMatchObject({
      name: 'ReplicationConfigurationNotFoundError',
    });
  });

  test.each<{ sentence: string; differs: Partial<ReplicationRule>; code: string }>([
    { sentence: 'has no priority', differs: { Priority: undefined }, code: 'InvalidRequest' },
    {
      sentence: 'does not say whether delete markers go along',
      differs: { DeleteMarkerReplication: undefined },
      code: 'InvalidRequest',
    },
    {
      sentence: 'wants existing objects replicated',
      differs: { ExistingObjectReplication: { Status: 'Enabled' } },
      code: 'MalformedXML',
    },
    {
      sentence: 'filters by tag and replicates delete markers',
      differs: { Filter: { Tag: { Key: 'a', Value: 'b' } } },
      code: 'InvalidRequest',
    },
    {
      sentence: 'names a bucket that does not exist',
      differs: { Destination: { Bucket: 'arn:aws:s3:::nowhere-at-all' } },
      code: 'InvalidRequest',
    },
    {
      sentence: 'has another threshold than fifteen minutes',
      differs: {
        Destination: {
          Bucket: `arn:aws:s3:::${SECONDARY}`,
          Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 5 } },
        },
      },
      code: 'InvalidRequest',
    },
  ])('is refused when its rule $sentence', async ({ differs, code }) => {
    await expect(replicate(east, PRIMARY, aRule(SECONDARY, differs))).rejects.toMatchObject({
      name: code,
    });
  });

  test('needs versioning at the source and at the destination, and holds it', async () => {
    await aBucket(east, 'unversioned', { isVersioned: false });
    await expect(replicate(east, 'unversioned', aRule(SECONDARY))).rejects.toMatchObject({
      message: "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    });
    await expect(replicate(east, PRIMARY, aRule('unversioned'))).rejects.toMatchObject({
      message: 'Destination bucket must have versioning enabled.',
    });
    await replicate(east, PRIMARY, aRule(SECONDARY));
    await expect(
      east.send(
        new PutBucketVersioningCommand({
          Bucket: PRIMARY,
          VersioningConfiguration: { Status: 'Suspended' },
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidBucketState' });
  });

  test('needs the right to pass the role', async () => {
    cloud.allow(({ action }) => action !== 'iam:PassRole');
    await expect(replicate(east, PRIMARY, aRule(SECONDARY))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('without a role is malformed', async () => {
    await expect(
      east.send(
        new PutBucketReplicationCommand({
          Bucket: PRIMARY,
          ReplicationConfiguration: { Role: 'someone', Rules: [aRule(SECONDARY)] },
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});
