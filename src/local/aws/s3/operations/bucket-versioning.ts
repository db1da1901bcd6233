import { AwsError } from '../../service.js';
import { xml, type BucketOperation } from '../operation.js';
import { notImplemented } from '../refusals.js';
import { malformedXml, readXml } from '../xml.js';

export const getBucketVersioning: BucketOperation = {
  on: 'bucket',
  action: 'GetBucketVersioning',
  perform: (_s3, { bucket }) =>
    Promise.resolve(xml('VersioningConfiguration', { Status: bucket.versioning })),
};

export const putBucketVersioning: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketVersioning',
  async perform(s3, { bucket, request }) {
    const configuration = readXml(request.body, 'VersioningConfiguration');
    configuration.allowOnly('Status', 'MfaDelete', 'MFADelete');
    const mfa = configuration.text('MfaDelete') ?? configuration.text('MFADelete');
    if (mfa === 'Enabled') throw notImplemented('MFA delete');
    const status = configuration.text('Status');
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
    if (status === 'Suspended' && bucket.replication !== undefined) {
      throw new AwsError(
        'InvalidBucketState',
        'A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.',
        409,
      );
    }
    await s3.buckets.change(bucket, (current) => ({ ...current, versioning: status }));
    return { status: 200 };
  },
};
