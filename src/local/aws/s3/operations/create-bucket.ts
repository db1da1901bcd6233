import { randomUUID } from 'node:crypto';
import { AwsError } from '../../service.js';
import type { BucketRecord } from '../bucket-record.js';
import type { AccountOperation } from '../operation.js';
import { notImplemented } from '../refusals.js';
import { malformedXml, readXml } from '../xml.js';
import { DEFAULT_ENCRYPTION } from './bucket-encryption.js';
import { refuseGrants } from './object-headers.js';

/** The region that wants no LocationConstraint. */
const DEFAULT_REGION = 'us-east-1';

export const createBucket: AccountOperation = {
  on: 'account',
  action: 'CreateBucket',
  async perform(s3, { request, bucketName }) {
    checkName(bucketName);
    refuseGrants(request.headers);
    if (request.headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true') {
      throw notImplemented('Object Lock');
    }
    checkLocation(request.body, request.region);
    const existing = s3.buckets.find(bucketName);
    if (existing !== undefined) {
      // In us-east-1 S3 takes it for a success, for the sake of old programs.
      if (existing.region === DEFAULT_REGION && request.region === DEFAULT_REGION) {
        return created(bucketName);
      }
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: bucketName },
      );
    }
    const bucket: BucketRecord = {
      name: bucketName,
      id: randomUUID(),
      region: request.region,
      createdAtMs: s3.cloud.clock.now(),
      encryption: DEFAULT_ENCRYPTION,
      ownership: 'BucketOwnerEnforced',
      // As for every new bucket since April 2023.
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    };
    await s3.buckets.save(bucket);
    return created(bucketName);
  },
};

function created(name: string) {
  return { status: 200, headers: { location: `/${name}` } };
}

/** AWS, "Bucket naming rules". */
function checkName(name: string): void {
  const isValid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !name.startsWith('xn--') &&
    !name.startsWith('sthree-') &&
    !name.endsWith('-s3alias') &&
    !name.endsWith('--ol-s3');
  if (isValid) return;
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
    BucketName: name,
  });
}

function checkLocation(body: Buffer, region: string): void {
  let location: string | undefined;
  if (body.length > 0) {
    const configuration = readXml(body, 'CreateBucketConfiguration');
    if (configuration.has('Location') || configuration.has('Bucket')) {
      throw notImplemented('A directory bucket');
    }
    configuration.allowOnly('LocationConstraint', 'Tags');
    if (configuration.has('Tags')) throw notImplemented('Tags in CreateBucket');
    location = configuration.text('LocationConstraint');
    if (location === DEFAULT_REGION) {
      throw new AwsError(
        'InvalidLocationConstraint',
        'The specified location-constraint is not valid',
        400,
        { LocationConstraint: location },
      );
    }
    if (location !== undefined && location !== '' && !/^[a-zA-Z0-9-]+$/.test(location)) {
      throw malformedXml();
    }
  }
  const isWanted = location === undefined || location === '' ? DEFAULT_REGION : location;
  if (isWanted === region) return;
  throw new AwsError(
    'IllegalLocationConstraintException',
    location === undefined || location === ''
      ? 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.'
      : `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
