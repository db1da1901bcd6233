/** CreateMultipartUpload, UploadPart, UploadPartCopy and AbortMultipartUpload. */
import type { ServiceResponse } from '../../service.js';
import type { UploadRecord } from '../objects/uploads.js';
import type { VersionRecord } from '../objects/version-record.js';
import { NO_CONTENT, xml, type BucketCall, type BucketOperation, type S3 } from '../operation.js';
import { invalidArgument, invalidRequest } from '../refusals.js';
import {
  algorithmOf,
  announced,
  checkBody,
  checksumElements,
  checksumHeaders,
  type Headers,
} from './body-integrity.js';
import { findCopySource, sourceHeaders } from './copy-source.js';
import { describeObject, versionHeaders } from './object-headers.js';

const MAX_PART_NUMBER = 10_000;

export const createMultipartUpload: BucketOperation = {
  on: 'object',
  action: 'PutObject',
  async perform(s3, { bucket, key, request: { headers } }) {
    const draft = describeObject(bucket, key, headers);
    const algorithm = announced(headers);
    const type = headers['x-amz-checksum-type'];
    if (type !== undefined && type !== 'COMPOSITE' && type !== 'FULL_OBJECT') {
      throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
    }
    if (type === 'FULL_OBJECT' && algorithm?.startsWith('SHA') === true) {
      throw invalidRequest(
        `The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
      );
    }
    const upload = await s3.uploads.begin(bucket, {
      draft,
      checksumAlgorithm: algorithm,
      checksumType:
        type ??
        (algorithm === undefined || algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'),
    });
    const answer = xml('InitiateMultipartUploadResult', {
      Bucket: bucket.name,
      Key: key,
      UploadId: upload.id,
    });
    const { 'x-amz-version-id': _, ...encryption } = versionHeaders(bucket, {
      ...draft,
    } as VersionRecord);
    return {
      ...answer,
      headers: {
        ...answer.headers,
        ...encryption,
        ...(algorithm !== undefined && {
          'x-amz-checksum-algorithm': algorithm,
          'x-amz-checksum-type': upload.checksumType ?? '',
        }),
      },
    };
  },
};

export const uploadPart: BucketOperation = {
  on: 'object',
  action: 'PutObject',
  async perform(s3, call) {
    const { headers, body } = call.request;
    const checksum = checkBody(body, headers);
    const number = partNumberOf(call);
    const upload = uploadOf(s3, call);
    checkAlgorithm(upload, headers);
    const part = await s3.uploads.addPart(upload, number, body);
    return {
      status: 200,
      headers: {
        etag: `"${part.etag}"`,
        ...checksumHeaders(part.checksum ?? (announced(headers) && checksum)),
      },
    };
  },
};

export const uploadPartCopy: BucketOperation = {
  on: 'object',
  action: 'PutObject',
  async perform(s3, call): Promise<ServiceResponse> {
    const source = await findCopySource(s3, call);
    const whole = await s3.objects.read(source.version);
    const range = copiedRange(call.request.headers['x-amz-copy-source-range'], whole.length);
    const number = partNumberOf(call);
    const body = whole.subarray(range.start, range.end);
    const part = await s3.uploads.addPart(uploadOf(s3, call), number, body);
    const answer = xml('CopyPartResult', {
      LastModified: new Date(part.modifiedAtMs).toISOString(),
      ETag: `"${part.etag}"`,
      ...checksumElements(part.checksum),
    });
    return { ...answer, headers: { ...answer.headers, ...sourceHeaders(source) } };
  },
};

/** An upload that was begun with an algorithm takes no part of another, and one that is put together from sums none without. */
function checkAlgorithm({ checksumAlgorithm, checksumType }: UploadRecord, headers: Headers): void {
  if (checksumAlgorithm === undefined) return;
  const given = algorithmOf(headers);
  if (given === checksumAlgorithm) return;
  if (given === undefined && checksumType === 'FULL_OBJECT') return;
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${checksumAlgorithm.toLowerCase()}, actual checksum Type: ${given?.toLowerCase() ?? 'null'}`,
  );
}

/** Stricter than the range of a GetObject: one form only, and all of it within the source. */
function copiedRange(range: string | undefined, size: number) {
  if (range === undefined) return { start: 0, end: size };
  const name = 'x-amz-copy-source-range';
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || Number(first) > Number(last)) {
    throw invalidArgument(
      `The ${name} value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy`,
      name,
      range,
    );
  }
  if (Number(last) < size) return { start: Number(first), end: Number(last) + 1 };
  throw invalidArgument(
    `Range specified is not valid for source object of size: ${size}`,
    name,
    range,
  );
}

function uploadOf(s3: S3, { bucket, key, request }: BucketCall): UploadRecord {
  return s3.uploads.get(bucket, key, request.query.get('uploadId') ?? '');
}

function partNumberOf({ request }: BucketCall): number {
  const text = request.query.get('partNumber') ?? '';
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > MAX_PART_NUMBER) {
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      text,
    );
  }
  return number;
}

export const abortMultipartUpload: BucketOperation = {
  on: 'object',
  action: 'AbortMultipartUpload',
  async perform(s3, call) {
    await s3.uploads.abort(uploadOf(s3, call));
    return NO_CONTENT;
  },
};
