/** Settings of a bucket that cannot be set here: reading them answers as S3 does for a bucket where nobody set them. */
import { AwsError } from '../../service.js';
import { xml, type BucketOperation } from '../operation.js';

const absent = (action: string, code: string, message: string): BucketOperation => ({
  on: 'bucket',
  action,
  perform: (_s3, { bucket }) =>
    Promise.reject(new AwsError(code, message, 404, { BucketName: bucket.name })),
});

const empty = (action: string, root: string, content: object | string = ''): BucketOperation => ({
  on: 'bucket',
  action,
  perform: () => Promise.resolve(xml(root, content)),
});

export const getBucketCors = absent(
  'GetBucketCORS',
  'NoSuchCORSConfiguration',
  'The CORS configuration does not exist',
);
export const getBucketWebsite = absent(
  'GetBucketWebsite',
  'NoSuchWebsiteConfiguration',
  'The specified bucket does not have a website configuration',
);
export const getObjectLockConfiguration = absent(
  'GetBucketObjectLockConfiguration',
  'ObjectLockConfigurationNotFoundError',
  'Object Lock configuration does not exist for this bucket',
);
export const getBucketLogging = empty('GetBucketLogging', 'BucketLoggingStatus');
export const getBucketNotification = empty('GetBucketNotification', 'NotificationConfiguration');
export const getBucketAccelerate = empty('GetAccelerateConfiguration', 'AccelerateConfiguration');
export const getBucketRequestPayment = empty(
  'GetBucketRequestPayment',
  'RequestPaymentConfiguration',
  { Payer: 'BucketOwner' },
);
