import type { BucketEncryption } from '../bucket-record.js';
import { NO_CONTENT, xml, type BucketOperation } from '../operation.js';
import { invalidArgument, notImplemented } from '../refusals.js';
import { malformedXml, readXml } from '../xml.js';

const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;

/** What every bucket has since January 2023. */
export const DEFAULT_ENCRYPTION: BucketEncryption = { algorithm: 'AES256', usesBucketKey: false };

export const getBucketEncryption: BucketOperation = {
  on: 'bucket',
  action: 'GetEncryptionConfiguration',
  perform: (_s3, { bucket: { encryption } }) =>
    Promise.resolve(
      xml('ServerSideEncryptionConfiguration', {
        Rule: {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: encryption.algorithm,
            KMSMasterKeyID: encryption.kmsKeyId,
          },
          BucketKeyEnabled: encryption.usesBucketKey,
        },
      }),
    ),
};

export const putBucketEncryption: BucketOperation = {
  on: 'bucket',
  action: 'PutEncryptionConfiguration',
  async perform(s3, { bucket, request }) {
    const configuration = readXml(request.body, 'ServerSideEncryptionConfiguration');
    configuration.allowOnly('Rule');
    const [rule, ...more] = configuration.children('Rule');
    if (rule === undefined || more.length > 0) throw malformedXml();
    if (rule.has('BlockedEncryptionTypes')) throw notImplemented('BlockedEncryptionTypes');
    rule.allowOnly('ApplyServerSideEncryptionByDefault', 'BucketKeyEnabled');
    const byDefault = rule.child('ApplyServerSideEncryptionByDefault');
    byDefault?.allowOnly('SSEAlgorithm', 'KMSMasterKeyID');
    const named = byDefault?.text('SSEAlgorithm') ?? 'AES256';
    const algorithm = ALGORITHMS.find((known) => known === named);
    if (algorithm === undefined) throw malformedXml();
    const kmsKeyId = byDefault?.text('KMSMasterKeyID');
    if (algorithm === 'AES256' && kmsKeyId !== undefined) {
      throw invalidArgument(
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
        'ApplyServerSideEncryptionByDefault',
        kmsKeyId,
      );
    }
    const encryption = {
      algorithm,
      kmsKeyId,
      usesBucketKey: rule.text('BucketKeyEnabled') === 'true',
    };
    await s3.buckets.change(bucket, (current) => ({ ...current, encryption }));
    return { status: 200 };
  },
};

export const deleteBucketEncryption: BucketOperation = {
  on: 'bucket',
  action: 'PutEncryptionConfiguration',
  async perform(s3, { bucket }) {
    await s3.buckets.change(bucket, (current) => ({ ...current, encryption: DEFAULT_ENCRYPTION }));
    return NO_CONTENT;
  },
};
