import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type LifecycleRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createS3 } from '../../../../src/local/aws/s3/service.js';
import type { Service } from '../../../../src/local/aws/service.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aClock, type ManualClock } from '../../../builders/a-clock.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aBucket, aClient, EAST, until } from './a-bucket.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let clock: ManualClock;
let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let s3: S3Client;

beforeEach(async () => {
  clock = aClock();
  cloud = await aCloud({ clock });
  service = await createS3(cloud);
  endpoint = await aServiceEndpoint(service);
  s3 = aClient(endpoint.url, EAST);
  await aBucket(s3, 'audit');
});

afterEach(async () => {
  s3.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
  await removeCloud(cloud);
});

const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'audit', Key, Body: 'x' }));

const setRule = (differs: Partial<LifecycleRule>) =>
  s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: 'audit',
      LifecycleConfiguration: {
        Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: 'old/' }, ...differs }],
      },
    }),
  );

async function entries(): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: 'audit' }),
  );
  return [
    ...Versions.map(({ Key = '', VersionId = '' }) => `${Key} ${VersionId}`),
    ...DeleteMarkers.map(({ Key = '' }) => `${Key} marker`),
  ];
}

/** Lets sweeps pass until so many versions and markers are left. */
const untilLeft = (count: number) =>
  until(async () => {
    await clock.leap(HOUR_MS);
    const left = await entries();
    return left.length === count ? left : undefined;
  });

describe('lifecycle', () => {
  test('removes noncurrent versions a day after they were replaced, under its prefix', async () => {
    await setRule({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
    await put('old/a');
    await clock.leap(10 * DAY_MS);
    const current = await put('old/a');
    await put('new/b');
    await put('new/b');
    for (let hours = 0; hours < 12; hours += 1) await clock.leap(HOUR_MS);
    expect(await entries()).toHaveLength(4);
    expect(await untilLeft(3)).toContain(`old/a ${current.VersionId ?? ''}`);
  });

  test('hides expired objects behind a marker, and clears a marker that is alone', async () => {
    await setRule({ Expiration: { Days: 1 } });
    const { VersionId = '' } = await put('old/a');
    await clock.leap(DAY_MS);
    expect(await untilLeft(2)).toEqual([`old/a ${VersionId}`, 'old/a marker']);
    await setRule({ Expiration: { ExpiredObjectDeleteMarker: true } });
    await s3.send(new DeleteObjectCommand({ Bucket: 'audit', Key: 'old/a', VersionId }));
    expect(await untilLeft(0)).toEqual([]);
  });

  test('ends uploads that nobody completes', async () => {
    await setRule({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
    await s3.send(new CreateMultipartUploadCommand({ Bucket: 'audit', Key: 'old/u' }));
    await clock.leap(7 * DAY_MS);
    const left = await until(async () => {
      await clock.leap(HOUR_MS);
      const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'audit' }));
      return Uploads === undefined ? 'none' : undefined;
    });
    expect(left).toBe('none');
  });
});
