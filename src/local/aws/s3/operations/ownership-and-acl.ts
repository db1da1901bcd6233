/**
 * Ownership controls and access control lists.
 *
 * Every bucket is BucketOwnerEnforced, S3's default and advice: access control lists are off, and reading them shows the owner only.
 */
import { AwsError, type ServiceResponse } from '../../service.js';
import { NO_CONTENT, xml, type BucketOperation, type S3 } from '../operation.js';
import { notImplemented } from '../refusals.js';
import { malformedXml, readXml } from '../xml.js';
import { owner } from './bucket-presence.js';
import { aclsAreOff } from './object-headers.js';

const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];

export const getOwnershipControls: BucketOperation = {
  on: 'bucket',
  action: 'GetBucketOwnershipControls',
  perform(_s3, { bucket }) {
    if (bucket.ownership === undefined) {
      throw new AwsError(
        'OwnershipControlsNotFoundError',
        'The bucket ownership controls were not found',
        404,
        { BucketName: bucket.name },
      );
    }
    return Promise.resolve(
      xml('OwnershipControls', { Rule: { ObjectOwnership: bucket.ownership } }),
    );
  },
};

export const putOwnershipControls: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketOwnershipControls',
  async perform(s3, { bucket, request }) {
    const controls = readXml(request.body, 'OwnershipControls');
    const ownership = controls.child('Rule')?.text('ObjectOwnership') ?? '';
    if (!OWNERSHIPS.includes(ownership)) throw malformedXml();
    if (ownership !== 'BucketOwnerEnforced') throw notImplemented(`Ownership ${ownership}`);
    await s3.buckets.change(bucket, (current) => ({ ...current, ownership }));
    return { status: 200 };
  },
};

export const deleteOwnershipControls: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketOwnershipControls',
  async perform(s3, { bucket }) {
    await s3.buckets.change(bucket, (current) => ({ ...current, ownership: undefined }));
    return NO_CONTENT;
  },
};

export const getBucketAcl: BucketOperation = {
  on: 'bucket',
  action: 'GetBucketAcl',
  perform: (s3) => Promise.resolve(ownersAcl(s3)),
};

export const getObjectAcl: BucketOperation = {
  on: 'object',
  action: ({ request }) =>
    request.query.has('versionId') ? 'GetObjectVersionAcl' : 'GetObjectAcl',
  perform: (s3) => Promise.resolve(ownersAcl(s3)),
};

/** Refused whatever the list says: even `private` is one that the bucket does not take. */
export const putAcl = (on: 'bucket' | 'object', action: string): BucketOperation => ({
  on,
  action,
  perform: () => Promise.reject(aclsAreOff()),
});

function ownersAcl(s3: S3): ServiceResponse {
  const { ID } = owner(s3.cloud.accountId);
  return xml('AccessControlPolicy', {
    Owner: owner(s3.cloud.accountId),
    AccessControlList: {
      Grant: {
        Grantee: {
          '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
          '@xsi:type': 'CanonicalUser',
          ID,
        },
        Permission: 'FULL_CONTROL',
      },
    },
  });
}
