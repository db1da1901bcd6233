/** What the headers of a PutObject, CopyObject or CreateMultipartUpload say about the object; what is not done here is refused. */
import type { BucketRecord } from '../bucket-record.js';
import type { Draft } from '../objects/objects.js';
import type { VersionRecord } from '../objects/version-record.js';
import { invalidArgument, invalidRequest, notImplemented } from '../refusals.js';
import { AwsError } from '../../service.js';
import { checkTags } from './bucket-tagging.js';

type Headers = Readonly<Record<string, string>>;

const MAX_OBJECT_TAGS = 10;
/** 2 KB of names and values. */
const MAX_METADATA_BYTES = 2048;

const KEPT = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];

const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];

const REFUSED: readonly (readonly [string, string])[] = [
  ['x-amz-server-side-encryption-customer-algorithm', 'Encryption with keys of the customer'],
  ['x-amz-website-redirect-location', 'A website redirect'],
  ['x-amz-server-side-encryption-context', 'An encryption context'],
  ['x-amz-write-offset-bytes', 'Appending'],
];

export function describeObject(
  bucket: BucketRecord,
  key: string,
  headers: Headers,
): Omit<Draft, 'etag' | 'sizeBytes' | 'checksum'> {
  checkKey(key);
  refuseGrants(headers);
  for (const [name, what] of REFUSED) {
    if (headers[name] !== undefined) throw notImplemented(what);
  }
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-object-lock-'))) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
  return {
    key,
    headers: metadataOf(headers),
    tags: tagsOf(headers),
    storageClass: storageClassOf(headers),
    encryption: encryptionOf(bucket, headers),
  };
}

/** A private list, or full control for the bucket's owner, is what holds anyway. */
export function refuseGrants(headers: Headers): void {
  const acl = headers['x-amz-acl'];
  const isHarmless = acl === undefined || acl === 'private' || acl === 'bucket-owner-full-control';
  const isGranting = Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (!isHarmless || isGranting) throw aclsAreOff();
}

export function aclsAreOff(): AwsError {
  return new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
}

function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, {
      Size: Buffer.byteLength(key),
      MaxSizeAllowed: 1024,
    });
  }
  if (key.includes('\u0000')) throw invalidArgument('Invalid key', 'key', key);
}

function metadataOf(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT.includes(name)) kept[name] = value;
    if (!name.startsWith('x-amz-meta-')) continue;
    kept[name] = value;
    bytes += Buffer.byteLength(name.slice('x-amz-meta-'.length)) + Buffer.byteLength(value);
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new AwsError(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      400,
      { Size: bytes, MaxSizeAllowed: MAX_METADATA_BYTES },
    );
  }
  const encodings = (kept['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    // The framing of the upload, not of the object.
    .filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  if (encodings.length > 0) kept['content-encoding'] = encodings.join(',');
  else delete kept['content-encoding'];
  return kept;
}

export function tagsOf(headers: Headers): Record<string, string> {
  const text = headers['x-amz-tagging'];
  if (text === undefined) return {};
  const pairs = new URLSearchParams(text);
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.size) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      text,
    );
  }
  return checkTags(tags, MAX_OBJECT_TAGS);
}

function storageClassOf(headers: Headers): string {
  const storageClass = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (STORAGE_CLASSES.includes(storageClass)) return storageClass;
  if (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') {
    throw notImplemented(`Storage class ${storageClass}`);
  }
  throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid');
}

function encryptionOf(
  bucket: BucketRecord,
  headers: Headers,
): NonNullable<VersionRecord['encryption']> {
  const algorithm = headers['x-amz-server-side-encryption'];
  if (algorithm === undefined) return bucket.encryption;
  const kmsKeyId = headers['x-amz-server-side-encryption-aws-kms-key-id'];
  if (algorithm === 'AES256' && kmsKeyId === undefined) return { algorithm };
  if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse') {
    const usesBucketKey = headers['x-amz-server-side-encryption-bucket-key-enabled'] === 'true';
    return { algorithm, kmsKeyId, usesBucketKey };
  }
  throw invalidArgument(
    'The encryption method specified is not supported',
    'x-amz-server-side-encryption',
    algorithm,
  );
}

/** The headers of every answer about a version that was written or read. */
export function versionHeaders(
  bucket: BucketRecord,
  { versionId, encryption }: VersionRecord,
): Record<string, string> {
  return {
    ...(bucket.versioning !== undefined && { 'x-amz-version-id': versionId }),
    ...(encryption !== undefined && {
      'x-amz-server-side-encryption': encryption.algorithm,
      ...(encryption.kmsKeyId !== undefined && {
        'x-amz-server-side-encryption-aws-kms-key-id': encryption.kmsKeyId,
      }),
      ...(encryption.usesBucketKey === true && {
        'x-amz-server-side-encryption-bucket-key-enabled': 'true',
      }),
    }),
  };
}
