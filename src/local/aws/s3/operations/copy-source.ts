/** The object that CopyObject and UploadPartCopy read, under the caller's own rights. */
import type { BucketRecord } from '../bucket-record.js';
import type { VersionRecord } from '../objects/version-record.js';
import type { BucketCall, S3 } from '../operation.js';
import { invalidArgument } from '../refusals.js';
import { checkCopySource } from './conditions.js';
import { findVersion } from './find-version.js';

export interface CopySource {
  readonly bucket: BucketRecord;
  readonly version: VersionRecord;
}

export async function findCopySource(s3: S3, { request }: BucketCall): Promise<CopySource> {
  const header = request.headers['x-amz-copy-source'] ?? '';
  const [path = '', query = ''] = header.replace(/^\//, '').split('?');
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    );
  }
  const bucket = s3.buckets.get(decodeURIComponent(path.slice(0, slash)));
  const key = decodeURIComponent(path.slice(slash + 1));
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  const action = versionId === undefined ? 'GetObject' : 'GetObjectVersion';
  s3.access.authorize(request.caller, action, bucket, key);
  const version = await findVersion(s3, { bucket, key, request }, versionId);
  checkCopySource(request.headers, version);
  return { bucket, version };
}

/** What an answer says about the source. */
export function sourceHeaders({ bucket, version }: CopySource): Record<string, string> {
  return bucket.versioning === undefined
    ? {}
    : { 'x-amz-copy-source-version-id': version.versionId };
}
