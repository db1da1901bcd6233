/** What all listings of a bucket have in common: their parameters, and the walk over versions that groups keys by a delimiter. */
import type { ServiceRequest } from '../../service.js';
import type { BucketRecord } from '../bucket-record.js';
import {
  afterKey,
  afterPrefix,
  afterVersion,
  type VersionWalk,
} from '../objects/object-storage.js';
import type { VersionRecord } from '../objects/version-record.js';
import type { S3 } from '../operation.js';
import { invalidArgument } from '../refusals.js';

const MAX_KEYS = 1000;

export interface Listing {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly maxKeys: number;
  readonly encodingType: 'url' | undefined;
  /** A key as the caller wants it written. */
  encode(text: string): string;
}

export function readListing({ query }: Pick<ServiceRequest, 'query'>): Listing {
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url') {
    throw invalidArgument(
      'Invalid Encoding Method specified in Request',
      'encoding-type',
      encodingType,
    );
  }
  const delimiter = query.get('delimiter') ?? '';
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: delimiter === '' ? undefined : delimiter,
    maxKeys: Math.min(MAX_KEYS, readMost(query.get('max-keys'), 'max-keys')),
    encodingType,
    encode: (text) =>
      encodingType === undefined ? text : encodeURIComponent(text).replaceAll('%2F', '/'),
  };
}

/** What all listings say of an object's checksum; its value is for HeadObject. */
export function describeChecksum({ checksum }: VersionRecord): object {
  return checksum === undefined
    ? {}
    : { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type };
}

export function readMost(text: string | null, name: string): number {
  if (text === null || text === '') return MAX_KEYS;
  if (/^\d+$/.test(text)) return Number(text);
  throw invalidArgument('Provided max-keys not an integer or within integer range', name, text);
}

export type ListedEntry =
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'version'; readonly version: VersionRecord; readonly isLatest: boolean };

export interface Start {
  /** Begins behind this key, or behind all keys of this common prefix. */
  readonly afterKey?: string | undefined;
  /** With `afterKey`: begins behind this version of it. */
  readonly afterVersion?: VersionRecord | undefined;
  readonly onlyCurrent: boolean;
}

/** Versions and common prefixes in order; with `onlyCurrent` the newest version of each key, without delete markers. */
export async function* walk(
  s3: S3,
  bucket: BucketRecord,
  { prefix, delimiter, maxKeys }: Listing,
  start: Start,
): AsyncGenerator<ListedEntry> {
  if (maxKeys === 0) return;
  const steering: VersionWalk = { after: startOf(start, prefix, delimiter) };
  let key = start.afterVersion?.key;
  for await (const version of s3.objects.storage.versions(bucket.id, prefix, steering)) {
    const isLatest = version.key !== key;
    key = version.key;
    if (start.onlyCurrent && isLatest) steering.skipTo = afterKey(key);
    if (start.onlyCurrent && version.isMarker) continue;
    const group = groupOf(version.key, prefix, delimiter);
    if (group === undefined) {
      yield { kind: 'version', version, isLatest };
      continue;
    }
    steering.skipTo = afterPrefix(group);
    yield { kind: 'prefix', prefix: group };
  }
}

function startOf(start: Start, prefix: string, delimiter: string | undefined): string | undefined {
  if (start.afterVersion !== undefined) return afterVersion(start.afterVersion);
  if (start.afterKey === undefined) return undefined;
  const group = groupOf(start.afterKey, prefix, delimiter);
  return group === start.afterKey ? afterPrefix(group) : afterKey(start.afterKey);
}

/** The key up to the first delimiter behind the prefix. */
function groupOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
