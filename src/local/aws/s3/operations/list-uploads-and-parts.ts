/** ListMultipartUploads and ListParts. */
import { xml, type BucketOperation } from '../operation.js';
import { owner } from './bucket-presence.js';
import { readListing, readMost } from './listing.js';

export const listMultipartUploads: BucketOperation = {
  on: 'bucket',
  action: 'ListBucketMultipartUploads',
  async perform(s3, { bucket, request }) {
    const listing = readListing(request);
    const most = readMost(request.query.get('max-uploads'), 'max-uploads');
    const keyMarker = request.query.get('key-marker') ?? '';
    const idMarker = request.query.get('upload-id-marker') ?? '';
    const all = (await s3.uploads.of(bucket)).filter(({ key }) => key.startsWith(listing.prefix));
    const marked = all.findIndex(({ id, key }) => key === keyMarker && id === idMarker);
    const uploads =
      marked >= 0
        ? all.slice(marked + 1)
        : all.filter(({ key }) => keyMarker === '' || key > keyMarker);
    const page = uploads.slice(0, most);
    return xml('ListMultipartUploadsResult', {
      Bucket: bucket.name,
      KeyMarker: listing.encode(keyMarker),
      UploadIdMarker: idMarker,
      ...(uploads.length > most && {
        NextKeyMarker: listing.encode(page.at(-1)?.key ?? ''),
        NextUploadIdMarker: page.at(-1)?.id,
      }),
      Prefix: listing.encode(listing.prefix),
      EncodingType: listing.encodingType,
      MaxUploads: most,
      IsTruncated: uploads.length > most,
      Upload: page.map((upload) => ({
        Key: listing.encode(upload.key),
        UploadId: upload.id,
        Initiator: owner(s3.cloud.accountId),
        Owner: owner(s3.cloud.accountId),
        StorageClass: upload.draft.storageClass,
        Initiated: new Date(upload.startedAtMs).toISOString(),
      })),
    });
  },
};

export const listParts: BucketOperation = {
  on: 'object',
  action: 'ListMultipartUploadParts',
  async perform(s3, { bucket, key, request }) {
    const upload = s3.uploads.get(bucket, key, request.query.get('uploadId') ?? '');
    const most = readMost(request.query.get('max-parts'), 'max-parts');
    const marker = Number(request.query.get('part-number-marker') ?? '0');
    const uploaded = await s3.uploads.parts(upload);
    const parts = uploaded.filter(({ number }) => number > marker);
    const page = parts.slice(0, most);
    return xml('ListPartsResult', {
      Bucket: bucket.name,
      Key: key,
      UploadId: upload.id,
      Initiator: owner(s3.cloud.accountId),
      Owner: owner(s3.cloud.accountId),
      StorageClass: upload.draft.storageClass,
      PartNumberMarker: marker,
      ...(parts.length > most && { NextPartNumberMarker: page.at(-1)?.number }),
      MaxParts: most,
      IsTruncated: parts.length > most,
      ChecksumAlgorithm: upload.checksumAlgorithm,
      Part: page.map((part) => ({
        PartNumber: part.number,
        LastModified: new Date(part.modifiedAtMs).toISOString(),
        ETag: `"${part.etag}"`,
        Size: part.sizeBytes,
        ...(part.checksum !== undefined && {
          [`Checksum${part.checksum.algorithm}`]: part.checksum.value,
        }),
      })),
    });
  },
};
