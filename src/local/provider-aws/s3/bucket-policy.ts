/** BucketPolicy (s3): who may do what with a bucket. */
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { bucketSetting, type BucketSettingParameters } from './bucket-setting.js';

interface BucketPolicyParameters extends BucketSettingParameters {
  readonly policy: string;
}

export const bucketPolicy = bucketSetting<BucketPolicyParameters>({
  fields: ['policy'],
  comparison: { documents: ['policy'] },
  absentAs: 'NoSuchBucketPolicy',
  async read(client, Bucket) {
    const { Policy = '' } = await client.send(new GetBucketPolicyCommand({ Bucket }));
    return { policy: Policy };
  },
  write: (client, Bucket, { policy }) =>
    client.send(new PutBucketPolicyCommand({ Bucket, Policy: policy })),
  async clear(client, Bucket) {
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    return 'requested';
  },
});
