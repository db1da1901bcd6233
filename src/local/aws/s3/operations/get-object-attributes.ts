import { xml, type BucketOperation } from '../operation.js';
import { invalidArgument } from '../refusals.js';
import { checksumElements } from './body-integrity.js';
import { findVersion } from './find-version.js';
import { versionHeaders } from './object-headers.js';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];

export const getObjectAttributes: BucketOperation = {
  on: 'object',
  action: ({ request }) =>
    request.query.has('versionId') ? 'GetObjectVersionAttributes' : 'GetObjectAttributes',
  async perform(s3, call) {
    const { headers, query } = call.request;
    const wanted = (headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
    const unknown = wanted.find((name) => !ATTRIBUTES.includes(name));
    if (unknown !== undefined) {
      throw invalidArgument(
        'Invalid attribute name specified.',
        'x-amz-object-attributes',
        unknown,
      );
    }
    const version = await findVersion(s3, call, query.get('versionId') ?? undefined);
    const isInParts = version.etag.includes('-');
    const answer = xml('GetObjectAttributesResponse', {
      ...(wanted.includes('ETag') && { ETag: version.etag }),
      ...(wanted.includes('Checksum') && { Checksum: checksumElements(version.checksum) }),
      ...(wanted.includes('ObjectParts') &&
        isInParts && {
          ObjectParts: {
            PartsCount: version.pieces.length,
            IsTruncated: false,
            Part: version.pieces.map((piece, index) => ({
              PartNumber: index + 1,
              Size: piece.sizeBytes,
              ...(piece.checksum !== undefined && {
                [`Checksum${piece.checksum.algorithm}`]: piece.checksum.value,
              }),
            })),
          },
        }),
      ...(wanted.includes('StorageClass') && { StorageClass: version.storageClass }),
      ...(wanted.includes('ObjectSize') && { ObjectSize: version.sizeBytes }),
    });
    return {
      ...answer,
      headers: {
        ...answer.headers,
        ...versionHeaders(call.bucket, version),
        'last-modified': new Date(version.modifiedAtMs).toUTCString(),
      },
    };
  },
};
