/** ListBuckets, HeadBucket, GetBucketLocation and DeleteBucket. */
import { AwsError } from '../../service.js';
import { bucketArn } from '../bucket-record.js';
import { NO_CONTENT, xml, type AccountOperation, type BucketOperation } from '../operation.js';

export const listBuckets: AccountOperation = {
  on: 'account',
  action: 'ListAllMyBuckets',
  perform(s3, { request: { query } }) {
    const prefix = query.get('prefix') ?? '';
    const region = query.get('bucket-region');
    const after = query.get('continuation-token') ?? '';
    const most = Number(query.get('max-buckets') ?? '10000');
    const buckets = s3.buckets
      .all()
      .filter((bucket) => bucket.name.startsWith(prefix) && bucket.name > after)
      .filter((bucket) => region === null || bucket.region === region);
    const page = buckets.slice(0, most);
    return Promise.resolve(
      xml('ListAllMyBucketsResult', {
        Owner: owner(s3.cloud.accountId),
        Buckets: {
          Bucket: page.map((bucket) => ({
            Name: bucket.name,
            CreationDate: new Date(bucket.createdAtMs).toISOString(),
            BucketRegion: bucket.region,
            BucketArn: bucketArn(bucket.name),
          })),
        },
        ...(prefix !== '' && { Prefix: prefix }),
        ...(buckets.length > most && { ContinuationToken: page.at(-1)?.name }),
      }),
    );
  },
};

/** The canonical user that owns everything of an account: 64 hexadecimal digits, made of the account's id. */
export function owner(accountId: string) {
  return { ID: accountId.padStart(64, '0'), DisplayName: accountId };
}

export const headBucket: BucketOperation = {
  on: 'bucket',
  action: 'ListBucket',
  perform: (_s3, { bucket }) =>
    Promise.resolve({
      status: 200,
      headers: {
        'x-amz-bucket-region': bucket.region,
        'x-amz-bucket-arn': bucketArn(bucket.name),
        'x-amz-access-point-alias': 'false',
        'content-type': 'application/xml',
      },
    }),
};

/** Answered in every region, as it is what one asks who does not know the region. */
export const getBucketLocation: AccountOperation = {
  on: 'account',
  action: undefined,
  perform(s3, { request, bucketName }) {
    const bucket = s3.buckets.get(bucketName);
    s3.access.authorize(request.caller, 'GetBucketLocation', bucket);
    return Promise.resolve(
      xml('LocationConstraint', bucket.region === 'us-east-1' ? '' : bucket.region),
    );
  },
};

export const deleteBucket: BucketOperation = {
  on: 'bucket',
  action: 'DeleteBucket',
  async perform(s3, { bucket }) {
    if (!(await s3.objects.storage.isEmpty(bucket.id))) {
      throw new AwsError(
        'BucketNotEmpty',
        bucket.versioning === undefined
          ? 'The bucket you tried to delete is not empty'
          : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
        409,
        { BucketName: bucket.name },
      );
    }
    for (const upload of await s3.uploads.of(bucket)) await s3.uploads.abort(upload);
    await s3.buckets.remove(bucket);
    return NO_CONTENT;
  },
};
