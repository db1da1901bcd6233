/** The bucket's policy: read and checked when it is put, decided by IAM with every call (`access.ts`). */
import { parsePolicy } from '../../policy/document.js';
import { AwsError } from '../../service.js';
import { NO_CONTENT, xml, type BucketOperation } from '../operation.js';
import { bucketArn, type BucketRecord } from '../bucket-record.js';
import { isPublicPolicy } from '../public-policy.js';

/** 20 KB. */
const MAX_BYTES = 20_480;

function policyOf(bucket: BucketRecord): string {
  if (bucket.policy !== undefined) return bucket.policy;
  throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
    BucketName: bucket.name,
  });
}

export const getBucketPolicy: BucketOperation = {
  on: 'bucket',
  action: 'GetBucketPolicy',
  perform: (_s3, { bucket }) =>
    Promise.resolve({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: policyOf(bucket),
    }),
};

export const getBucketPolicyStatus: BucketOperation = {
  on: 'bucket',
  action: 'GetBucketPolicyStatus',
  perform: (_s3, { bucket }) =>
    Promise.resolve(xml('PolicyStatus', { IsPublic: isPublicPolicy(policyOf(bucket)) })),
};

export const putBucketPolicy: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketPolicy',
  async perform(s3, { bucket, request }) {
    const policy = request.body.toString('utf8');
    checkPolicy(policy, bucket);
    if (bucket.publicAccessBlock?.BlockPublicPolicy === true && isPublicPolicy(policy)) {
      throw new AwsError(
        'AccessDenied',
        'User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
        403,
      );
    }
    await s3.buckets.change(bucket, (current) => ({ ...current, policy }));
    return NO_CONTENT;
  },
};

export const deleteBucketPolicy: BucketOperation = {
  on: 'bucket',
  action: 'DeleteBucketPolicy',
  async perform(s3, { bucket }) {
    await s3.buckets.change(bucket, (current) => ({ ...current, policy: undefined }));
    return NO_CONTENT;
  },
};

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
}

function checkPolicy(policy: string, bucket: BucketRecord): void {
  if (Buffer.byteLength(policy) > MAX_BYTES) {
    throw malformed('Policy has exceeded the maximum size of 20480 bytes');
  }
  let document: { Statement?: Statement | Statement[] } | null;
  try {
    document = JSON.parse(policy) as typeof document;
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  const statements = [document?.Statement ?? []].flat();
  if (statements.length === 0) throw malformed('Missing required field Statement');
  for (const statement of statements) {
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
      throw malformed(`Invalid effect: ${String(statement.Effect)}`);
    }
    if (statement.Principal === undefined && statement.NotPrincipal === undefined) {
      throw malformed('Missing required field Principal');
    }
    if (statement.Action === undefined && statement.NotAction === undefined) {
      throw malformed('Missing required field Action');
    }
    const resources = [statement.Resource ?? statement.NotResource ?? []].flat();
    if (resources.length === 0) throw malformed('Missing required field Resource');
    if (!resources.every((resource) => canBeWithin(resource, bucketArn(bucket.name)))) {
      throw malformed('Policy has invalid resource');
    }
  }
  checkLanguage(policy);
}

/** What every decision will read must be readable: a bucket with another policy could never be used again. */
function checkLanguage(policy: string): void {
  try {
    parsePolicy(policy, 'resource');
  } catch (error) {
    if (error instanceof AwsError) throw malformed(error.message);
    throw error;
  }
}

/** Whether a resource, up to its first wildcard, can be the bucket or something in it. */
function canBeWithin(resource: unknown, arn: string): boolean {
  if (typeof resource !== 'string') return false;
  const [fixed = ''] = resource.split(/[*?]/, 1);
  return (
    resource === arn || fixed.startsWith(`${arn}/`) || (fixed !== resource && arn.startsWith(fixed))
  );
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicy', message);
}
