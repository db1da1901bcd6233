import { createHash } from 'node:crypto';
import { AwsError } from '../../service.js';
import { computeChecksum, headerOf, type Checksum } from '../checksums.js';
import type { PartRecord, UploadRecord } from '../objects/uploads.js';
import { xml, type BucketOperation, type S3 } from '../operation.js';
import { invalidRequest } from '../refusals.js';
import { malformedXml, readXml } from '../xml.js';
import { checksumElements } from './body-integrity.js';
import { checkWrite } from './conditions.js';
import { versionHeaders } from './object-headers.js';

/** Every part but the last has at least 5 MiB. */
const LEAST_PART_BYTES = 5 * 1024 * 1024;

/** Puts the parts together; those that are not named are forgotten. */
export const completeMultipartUpload: BucketOperation = {
  on: 'object',
  action: 'PutObject',
  async perform(s3, { bucket, key, request }) {
    const upload = s3.uploads.get(bucket, key, request.query.get('uploadId') ?? '');
    const parts = namedParts(upload, await s3.uploads.parts(upload), request.body);
    const checksum = await checksumOf(s3, upload, parts);
    const said = request.headers[headerOf(checksum.algorithm)];
    if (said !== undefined && said !== checksum.value) {
      throw new AwsError(
        'BadDigest',
        `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
      );
    }
    const draft = {
      ...upload.draft,
      etag: `${md5OfMd5s(parts)}-${parts.length}`,
      sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      checksum,
    };
    const pieces = parts.map(({ bodyId, sizeBytes, checksum: own }) => ({
      bodyId,
      sizeBytes,
      checksum: own,
    }));
    const { changes, dropped } = await s3.uploads.ending(upload, parts);
    const version = await s3.objects.put(bucket, draft, { pieces, changes }, (current) => {
      checkWrite(request.headers, key, current);
    });
    await s3.objects.storage.forget(dropped);
    const answer = xml('CompleteMultipartUploadResult', {
      Location: `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${encodeURIComponent(key)}`,
      Bucket: bucket.name,
      Key: key,
      ETag: `"${version.etag}"`,
      ...checksumElements(version.checksum),
    });
    return { ...answer, headers: { ...answer.headers, ...versionHeaders(bucket, version) } };
  },
};

function namedParts(
  upload: UploadRecord,
  uploaded: readonly PartRecord[],
  body: Buffer,
): PartRecord[] {
  const list = readXml(body, 'CompleteMultipartUpload').children('Part');
  if (list.length === 0) throw malformedXml();
  let before = 0;
  const parts = list.map((element) => {
    const number = element.integer('PartNumber', 1) ?? 0;
    if (number <= before) {
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
      );
    }
    before = number;
    const part = uploaded.find((one) => one.number === number);
    const etag = element.text('ETag')?.replaceAll('"', '');
    const { checksum } = part ?? {};
    const said = checksum && element.text(`Checksum${checksum.algorithm}`);
    if (checksum !== undefined && said === undefined && upload.checksumType === 'COMPOSITE') {
      throw invalidRequest(
        `The upload was created using a ${checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    if (part?.etag !== etag || (said !== undefined && said !== checksum?.value)) {
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.id, PartNumber: number, ETag: etag },
      );
    }
    return part;
  });
  const small = parts
    .slice(0, -1)
    .find((part) => part !== undefined && part.sizeBytes < LEAST_PART_BYTES);
  if (small !== undefined) {
    throw new AwsError(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      400,
      { ProposedSize: small.sizeBytes, MinSizeAllowed: LEAST_PART_BYTES, PartNumber: small.number },
    );
  }
  return parts.filter((part) => part !== undefined);
}

function md5OfMd5s(parts: readonly PartRecord[]): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
  return createHash('md5').update(digests).digest('hex');
}

async function checksumOf(
  s3: S3,
  { checksumAlgorithm: algorithm = 'CRC64NVME', checksumType: type = 'FULL_OBJECT' }: UploadRecord,
  parts: readonly PartRecord[],
): Promise<Checksum> {
  if (type === 'FULL_OBJECT') {
    const body = await s3.objects.storage.read(parts);
    return { algorithm, value: computeChecksum(algorithm, body), type };
  }
  const values = parts.map(({ checksum }) => Buffer.from(checksum?.value ?? '', 'base64'));
  if (values.some((value) => value.length === 0)) {
    throw invalidRequest('The upload was created with a checksum, and a part has none');
  }
  const value = computeChecksum(algorithm, Buffer.concat(values));
  return { algorithm, value: `${value}-${parts.length}`, type };
}
