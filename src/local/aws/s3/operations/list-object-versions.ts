import type { VersionRecord } from '../objects/version-record.js';
import { xml, type BucketOperation } from '../operation.js';
import { invalidArgument } from '../refusals.js';
import { owner } from './bucket-presence.js';
import { checkVersionId } from './find-version.js';
import { describeChecksum, readListing, walk, type ListedEntry } from './listing.js';

/** Every version and delete marker, newest first within a key. */
export const listObjectVersions: BucketOperation = {
  on: 'bucket',
  action: 'ListBucketVersions',
  async perform(s3, { bucket, request }) {
    const listing = readListing(request);
    const keyMarker = request.query.get('key-marker') ?? '';
    const versionIdMarker = request.query.get('version-id-marker') ?? '';
    if (versionIdMarker !== '' && keyMarker === '') {
      throw invalidArgument(
        'A version-id marker cannot be specified without a key marker.',
        'version-id-marker',
        versionIdMarker,
      );
    }
    if (versionIdMarker !== '') checkVersionId(versionIdMarker, 'version-id-marker');
    const start = {
      afterKey: keyMarker === '' ? undefined : keyMarker,
      afterVersion:
        versionIdMarker === ''
          ? undefined
          : await s3.objects.find(bucket, keyMarker, versionIdMarker),
      onlyCurrent: false,
    };
    const entries: ListedEntry[] = [];
    let isTruncated = false;
    for await (const entry of walk(s3, bucket, listing, start)) {
      isTruncated = entries.length === listing.maxKeys;
      if (isTruncated) break;
      entries.push(entry);
    }
    const versions = entries.filter((entry) => entry.kind === 'version');
    const describe = ({ version, isLatest }: { version: VersionRecord; isLatest: boolean }) => ({
      Key: listing.encode(version.key),
      VersionId: version.versionId,
      IsLatest: isLatest,
      LastModified: new Date(version.modifiedAtMs).toISOString(),
      Owner: owner(s3.cloud.accountId),
    });
    const last = entries.at(-1);
    return xml('ListVersionsResult', {
      Name: bucket.name,
      Prefix: listing.encode(listing.prefix),
      KeyMarker: listing.encode(keyMarker),
      VersionIdMarker: versionIdMarker,
      MaxKeys: listing.maxKeys,
      Delimiter: listing.delimiter === undefined ? undefined : listing.encode(listing.delimiter),
      EncodingType: listing.encodingType,
      IsTruncated: isTruncated,
      ...(isTruncated &&
        last !== undefined &&
        (last.kind === 'prefix'
          ? { NextKeyMarker: listing.encode(last.prefix) }
          : {
              NextKeyMarker: listing.encode(last.version.key),
              NextVersionIdMarker: last.version.versionId,
            })),
      Version: versions
        .filter(({ version }) => !version.isMarker)
        .map((entry) => ({
          ...describe(entry),
          ETag: `"${entry.version.etag}"`,
          ...describeChecksum(entry.version),
          Size: entry.version.sizeBytes,
          StorageClass: entry.version.storageClass,
        })),
      DeleteMarker: versions.filter(({ version }) => version.isMarker).map(describe),
      CommonPrefixes: entries.flatMap((entry) =>
        entry.kind === 'prefix' ? [{ Prefix: listing.encode(entry.prefix) }] : [],
      ),
    });
  },
};
