/**
 * Who may do what in S3: IAM's decision with the bucket's policy, and the block on public access over it.
 *
 * The local endpoint is plain HTTP on loopback and stands for AWS's TLS endpoint: requests carry `aws:SecureTransport` as "true", so a
 * bucket policy that allows TLS only behaves here as it does against AWS with any SDK.
 */
import type { AccessControl, AccessRequest } from '../cloud.js';
import type { Principal } from '../service.js';
import { bucketArn, objectArn, type BucketRecord } from './bucket-record.js';
import { isPublicPolicy } from './public-policy.js';

const CONTEXT = { 'aws:SecureTransport': 'true' };

export class Access {
  constructor(private readonly control: AccessControl) {}

  /** Throws AccessDenied. Without a key the bucket itself is meant. */
  authorize(caller: Principal, action: string, bucket: BucketRecord, key?: string): void {
    this.control.authorize(toRequest(caller, action, bucket, key));
  }

  allows(caller: Principal, action: string, bucket: BucketRecord, key?: string): boolean {
    return this.control.allows(toRequest(caller, action, bucket, key));
  }

  /** For calls that are about no existing bucket. */
  authorizeArn(caller: Principal, action: string, resource: string): void {
    this.control.authorize({ caller, action, resource, context: CONTEXT });
  }
}

function toRequest(
  caller: Principal,
  action: string,
  bucket: BucketRecord,
  key: string | undefined,
): AccessRequest {
  return {
    caller,
    action: action.includes(':') ? action : `s3:${action}`,
    resource: key === undefined ? bucketArn(bucket.name) : objectArn(bucket.name, key),
    context: CONTEXT,
    resourcePolicy: policyFor(caller, bucket),
  };
}

/** RestrictPublicBuckets: a public policy does not count for callers from outside the account. */
function policyFor(caller: Principal, { policy, publicAccessBlock }: BucketRecord) {
  if (policy === undefined || caller.kind !== 'anonymous') return policy;
  const isRestricted = publicAccessBlock?.RestrictPublicBuckets === true;
  return isRestricted && isPublicPolicy(policy) ? undefined : policy;
}
