/** ListObjectsV2 and the older ListObjects: the current versions, in the order of keys' bytes, grouped by a delimiter. */
import { xml, type BucketCall, type BucketOperation, type S3 } from '../operation.js';
import { invalidArgument } from '../refusals.js';
import type { VersionRecord } from '../objects/version-record.js';
import { owner } from './bucket-presence.js';
import { describeChecksum, readListing, walk, type Listing } from './listing.js';

export const listObjectsV2: BucketOperation = {
  on: 'bucket',
  action: 'ListBucket',
  async perform(s3, call) {
    const { query } = call.request;
    const listing = readListing(call.request);
    const token = query.get('continuation-token') ?? undefined;
    const startAfter = query.get('start-after') ?? undefined;
    const after = token === undefined ? startAfter : fromToken(token);
    const page = await currentObjects(s3, call, listing, after);
    return xml('ListBucketResult', {
      Name: call.bucket.name,
      Prefix: listing.encode(listing.prefix),
      Delimiter: listing.delimiter === undefined ? undefined : listing.encode(listing.delimiter),
      MaxKeys: listing.maxKeys,
      EncodingType: listing.encodingType,
      KeyCount: page.items.length + page.prefixes.length,
      IsTruncated: page.next !== undefined,
      ContinuationToken: token,
      ...(page.next !== undefined && { NextContinuationToken: toToken(page.next) }),
      StartAfter: startAfter === undefined ? undefined : listing.encode(startAfter),
      Contents: page.items.map((version) =>
        describe(version, listing, query.get('fetch-owner') === 'true' ? s3 : undefined),
      ),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: listing.encode(prefix) })),
    });
  },
};

export const listObjects: BucketOperation = {
  on: 'bucket',
  action: 'ListBucket',
  async perform(s3, call) {
    const listing = readListing(call.request);
    const marker = call.request.query.get('marker') ?? '';
    const page = await currentObjects(s3, call, listing, marker === '' ? undefined : marker);
    return xml('ListBucketResult', {
      Name: call.bucket.name,
      Prefix: listing.encode(listing.prefix),
      Marker: listing.encode(marker),
      Delimiter: listing.delimiter === undefined ? undefined : listing.encode(listing.delimiter),
      MaxKeys: listing.maxKeys,
      EncodingType: listing.encodingType,
      IsTruncated: page.next !== undefined,
      // Without a delimiter the last key serves.
      ...(page.next !== undefined &&
        listing.delimiter !== undefined && { NextMarker: listing.encode(page.next) }),
      Contents: page.items.map((version) => describe(version, listing, s3)),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: listing.encode(prefix) })),
    });
  },
};

interface Page {
  readonly items: readonly VersionRecord[];
  readonly prefixes: readonly string[];
  /** The last key or common prefix of a page that is not the last. */
  readonly next: string | undefined;
}

async function currentObjects(
  s3: S3,
  { bucket }: BucketCall,
  listing: Listing,
  after: string | undefined,
): Promise<Page> {
  const items: VersionRecord[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  for await (const entry of walk(s3, bucket, listing, { afterKey: after, onlyCurrent: true })) {
    if (items.length + prefixes.length === listing.maxKeys) {
      return { items, prefixes, next: last };
    }
    if (entry.kind === 'prefix') prefixes.push(entry.prefix);
    else items.push(entry.version);
    last = entry.kind === 'prefix' ? entry.prefix : entry.version.key;
  }
  return { items, prefixes, next: undefined };
}

function describe(version: VersionRecord, listing: Listing, withOwner: S3 | undefined): object {
  return {
    Key: listing.encode(version.key),
    LastModified: new Date(version.modifiedAtMs).toISOString(),
    ETag: `"${version.etag}"`,
    ...describeChecksum(version),
    Size: version.sizeBytes,
    ...(withOwner !== undefined && { Owner: owner(withOwner.cloud.accountId) }),
    StorageClass: version.storageClass,
  };
}

function toToken(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64');
}

/** Throws InvalidArgument for what `toToken` never gave. */
function fromToken(token: string): string {
  const key = Buffer.from(token, 'base64').toString('utf8');
  if (token !== '' && toToken(key) === token) return key;
  throw invalidArgument(
    'The continuation token provided is incorrect',
    'continuation-token',
    token,
  );
}
