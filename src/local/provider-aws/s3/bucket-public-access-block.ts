/** BucketPublicAccessBlock (s3): what of public access S3 refuses for a bucket, whatever its policy says. */
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { bucketSetting, type BucketSettingParameters } from './bucket-setting.js';

interface BucketPublicAccessBlockParameters extends BucketSettingParameters {
  readonly blockPublicAcls?: boolean;
  readonly blockPublicPolicy?: boolean;
  readonly ignorePublicAcls?: boolean;
  readonly restrictPublicBuckets?: boolean;
}

export const bucketPublicAccessBlock = bucketSetting<BucketPublicAccessBlockParameters>({
  fields: ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'],
  absentAs: 'NoSuchPublicAccessBlockConfiguration',
  async read(client, Bucket) {
    const { PublicAccessBlockConfiguration: block } = await client.send(
      new GetPublicAccessBlockCommand({ Bucket }),
    );
    return {
      blockPublicAcls: block?.BlockPublicAcls ?? false,
      blockPublicPolicy: block?.BlockPublicPolicy ?? false,
      ignorePublicAcls: block?.IgnorePublicAcls ?? false,
      restrictPublicBuckets: block?.RestrictPublicBuckets ?? false,
    };
  },
  async write(client, Bucket, wanted) {
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: wanted.blockPublicAcls ?? false,
      BlockPublicPolicy: wanted.blockPublicPolicy ?? false,
      IgnorePublicAcls: wanted.ignorePublicAcls ?? false,
      RestrictPublicBuckets: wanted.restrictPublicBuckets ?? false,
    };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  },
  async clear(client, Bucket) {
    await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    return 'requested';
  },
});
