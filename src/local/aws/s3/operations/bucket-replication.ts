import { AwsError } from '../../service.js';
import type { BucketRecord } from '../bucket-record.js';
import { NO_CONTENT, xml, type BucketOperation } from '../operation.js';
import { invalidRequest } from '../refusals.js';
import { readConfiguration, writeConfiguration } from '../replication/configuration.js';

export const getBucketReplication: BucketOperation = {
  on: 'bucket',
  action: 'GetReplicationConfiguration',
  perform(_s3, { bucket }) {
    if (bucket.replication === undefined) {
      throw new AwsError(
        'ReplicationConfigurationNotFoundError',
        'The replication configuration was not found',
        404,
        { BucketName: bucket.name },
      );
    }
    return Promise.resolve(xml('ReplicationConfiguration', writeConfiguration(bucket.replication)));
  },
};

export const putBucketReplication: BucketOperation = {
  on: 'bucket',
  action: 'PutReplicationConfiguration',
  async perform(s3, { bucket, request }) {
    const replication = readConfiguration(request.body, s3.cloud.accountId);
    // S3 passes the role to itself.
    s3.cloud.access.authorize({
      caller: request.caller,
      action: 'iam:PassRole',
      resource: replication.role,
      context: { 'iam:PassedToService': 's3.amazonaws.com' },
    });
    if (bucket.versioning !== 'Enabled') {
      throw invalidRequest(
        "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
      );
    }
    for (const { destination } of replication.rules) {
      checkDestination(bucket, s3.buckets.find(destination.bucketArn.replace(/^.*:/, '')));
    }
    await s3.buckets.change(bucket, (current) => ({ ...current, replication }));
    return { status: 200 };
  },
};

function checkDestination(source: BucketRecord, destination: BucketRecord | undefined): void {
  if (destination === undefined) throw invalidRequest('Destination bucket must exist.');
  if (destination.name === source.name) {
    throw invalidRequest('Destination bucket cannot be the same as the source bucket.');
  }
  if (destination.versioning !== 'Enabled') {
    throw invalidRequest('Destination bucket must have versioning enabled.');
  }
}

export const deleteBucketReplication: BucketOperation = {
  on: 'bucket',
  action: 'PutReplicationConfiguration',
  async perform(s3, { bucket }) {
    await s3.buckets.change(bucket, (current) => ({ ...current, replication: undefined }));
    return NO_CONTENT;
  },
};
