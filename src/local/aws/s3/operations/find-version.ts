/** The version that a request about an object means, or the refusal S3 gives. */
import { AwsError } from '../../service.js';
import type { VersionRecord } from '../objects/version-record.js';
import type { BucketCall, S3 } from '../operation.js';
import { invalidArgument } from '../refusals.js';
import { noSuchKey, noSuchVersion } from './no-such-key.js';

/** What a version's id can look like. */
const VERSION_ID = /^(?:null|[\w-]{32})$/;

/**
 * Throws NoSuchKey, NoSuchVersion, InvalidArgument for an id that can be none, MethodNotAllowed for a delete marker named by its id, and AccessDenied in place of NoSuchKey to callers
 * who may not list the bucket: they are not to learn which keys there are.
 */
export async function findVersion(
  s3: S3,
  { bucket, key, request }: Pick<BucketCall, 'bucket' | 'key' | 'request'>,
  versionId: string | undefined,
): Promise<VersionRecord> {
  const version = await s3.objects.find(bucket, key, versionId);
  if (version === undefined && versionId !== undefined) {
    checkVersionId(versionId);
    throw noSuchVersion(key, versionId);
  }
  if (version === undefined) {
    if (s3.access.allows(request.caller, 'ListBucket', bucket)) throw noSuchKey(key);
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  }
  if (!version.isMarker) return version;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (versionId === undefined) throw withFields(noSuchKey(key), { headers });
  throw new AwsError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
    { Method: request.method, ResourceType: 'DeleteMarker', headers },
  );
}

/** Throws InvalidArgument for what can be no version's id. */
export function checkVersionId(versionId: string, parameter = 'versionId'): void {
  if (VERSION_ID.test(versionId)) return;
  throw invalidArgument('Invalid version id specified', parameter, versionId);
}

function withFields(error: AwsError, fields: Readonly<Record<string, unknown>>): AwsError {
  return new AwsError(error.code, error.message, error.status, { ...error.fields, ...fields });
}
