import { AwsError } from '../../service.js';
import { NO_CONTENT, xml, type BucketOperation } from '../operation.js';
import { malformedXml, readXml } from '../xml.js';

const SETTINGS = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const;

export const getPublicAccessBlock: BucketOperation = {
  on: 'bucket',
  action: 'GetBucketPublicAccessBlock',
  perform(_s3, { bucket }) {
    if (bucket.publicAccessBlock !== undefined) {
      return Promise.resolve(xml('PublicAccessBlockConfiguration', bucket.publicAccessBlock));
    }
    throw new AwsError(
      'NoSuchPublicAccessBlockConfiguration',
      'The public access block configuration was not found',
      404,
      { BucketName: bucket.name },
    );
  },
};

export const putPublicAccessBlock: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketPublicAccessBlock',
  async perform(s3, { bucket, request }) {
    const configuration = readXml(request.body, 'PublicAccessBlockConfiguration');
    configuration.allowOnly(...SETTINGS);
    const read = (name: (typeof SETTINGS)[number]): boolean => {
      const text = (configuration.text(name) ?? 'false').toLowerCase();
      if (text === 'true' || text === 'false') return text === 'true';
      throw malformedXml();
    };
    const publicAccessBlock = {
      BlockPublicAcls: read('BlockPublicAcls'),
      IgnorePublicAcls: read('IgnorePublicAcls'),
      BlockPublicPolicy: read('BlockPublicPolicy'),
      RestrictPublicBuckets: read('RestrictPublicBuckets'),
    };
    await s3.buckets.change(bucket, (current) => ({ ...current, publicAccessBlock }));
    return { status: 200 };
  },
};

export const deletePublicAccessBlock: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketPublicAccessBlock',
  async perform(s3, { bucket }) {
    await s3.buckets.change(bucket, (current) => ({ ...current, publicAccessBlock: undefined }));
    return NO_CONTENT;
  },
};
