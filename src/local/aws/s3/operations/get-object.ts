/** GetObject and HeadObject: the same headers, with and without the body. */
import { AwsError, type ServiceResponse } from '../../service.js';
import type { BucketRecord } from '../bucket-record.js';
import { replicationStatus, type VersionRecord } from '../objects/version-record.js';
import type { BucketCall, BucketOperation, S3 } from '../operation.js';
import { invalidArgument } from '../refusals.js';
import { checksumHeaders } from './body-integrity.js';
import { checkRead } from './conditions.js';
import { findVersion } from './find-version.js';
import { versionHeaders } from './object-headers.js';

const action = ({ request }: BucketCall) =>
  request.query.has('versionId') ? 'GetObjectVersion' : 'GetObject';

export const getObject: BucketOperation = {
  on: 'object',
  action,
  perform: (s3, call) => answer(s3, call, true),
};

export const headObject: BucketOperation = {
  on: 'object',
  action,
  perform: (s3, call) => answer(s3, call, false),
};

/** `response-*` parameters that replace a header of the answer. */
const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

async function answer(s3: S3, call: BucketCall, hasBody: boolean): Promise<ServiceResponse> {
  const { bucket, request } = call;
  const { headers, query } = request;
  const version = await findVersion(s3, call, query.get('versionId') ?? undefined);
  checkRead(headers, version);
  const range = rangeOf(version, headers.range, query.get('partNumber'));
  const sizeBytes = range === undefined ? version.sizeBytes : range.end - range.start;
  const overrides = OVERRIDES.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === null ? [] : [[name, value] as const];
  });
  const answered = {
    ...objectHeaders(bucket, version),
    ...Object.fromEntries(overrides),
    'content-length': String(sizeBytes),
    ...(headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' &&
      range === undefined &&
      checksumHeaders(version.checksum)),
    ...(range !== undefined && {
      'content-range': `bytes ${range.start}-${range.end - 1}/${version.sizeBytes}`,
      ...(range.parts !== undefined && { 'x-amz-mp-parts-count': String(range.parts) }),
    }),
  };
  const status = range === undefined ? 200 : 206;
  if (!hasBody) return { status, headers: answered };
  const body = await s3.objects.read(version);
  return {
    status,
    headers: answered,
    body: range === undefined ? body : body.subarray(range.start, range.end),
  };
}

function objectHeaders(bucket: BucketRecord, version: VersionRecord): Record<string, string> {
  const status = replicationStatus(version);
  const tagCount = Object.keys(version.tags).length;
  return {
    ...version.headers,
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modifiedAtMs).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeaders(bucket, version),
    ...(status !== undefined && { 'x-amz-replication-status': status }),
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...(version.storageClass !== 'STANDARD' && { 'x-amz-storage-class': version.storageClass }),
  };
}

interface ByteRange {
  readonly start: number;
  /** Not included. */
  readonly end: number;
  /** Where a part was asked for: how many there are. */
  readonly parts?: number;
}

/** One range only; several, or what is no range, are as if not asked, as S3 has it. Throws InvalidRange. */
function rangeOf(
  version: VersionRecord,
  range: string | undefined,
  partNumber: string | null,
): ByteRange | undefined {
  if (partNumber !== null) return partRange(version, partNumber);
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const size = version.sizeBytes;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start < size && end > start) return { start, end };
  throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
    RangeRequested: range,
    ActualObjectSize: size,
    headers: { 'content-range': `bytes */${size}` },
  });
}

function partRange({ pieces, sizeBytes, etag }: VersionRecord, text: string): ByteRange {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000', 'partNumber', text);
  }
  const parts = etag.includes('-') ? pieces.length : undefined;
  const piece = pieces[number - 1];
  if (piece === undefined) {
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416);
  }
  if (parts === undefined) return { start: 0, end: sizeBytes };
  const start = pieces.slice(0, number - 1).reduce((sum, before) => sum + before.sizeBytes, 0);
  return { start, end: start + piece.sizeBytes, parts };
}
