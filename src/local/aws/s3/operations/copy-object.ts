import { xml, type BucketOperation } from '../operation.js';
import { invalidArgument, invalidRequest } from '../refusals.js';
import { computeChecksum } from '../checksums.js';
import { announced, checksumElements, md5Of } from './body-integrity.js';
import { checkWrite } from './conditions.js';
import { findCopySource, sourceHeaders } from './copy-source.js';
import { describeObject, versionHeaders } from './object-headers.js';

export const copyObject: BucketOperation = {
  on: 'object',
  action: 'PutObject',
  async perform(s3, call) {
    const { bucket, key, request } = call;
    const { headers } = request;
    const replacesMetadata = directive(headers, 'x-amz-metadata-directive');
    const replacesTags = directive(headers, 'x-amz-tagging-directive');
    const source = await findCopySource(s3, call);
    const { version: original } = source;
    const described = describeObject(bucket, key, headers);
    const isItself = source.bucket.id === bucket.id && original.key === key;
    const changesSomething =
      replacesMetadata ||
      headers['x-amz-storage-class'] !== undefined ||
      headers['x-amz-server-side-encryption'] !== undefined ||
      headers['x-amz-copy-source']?.includes('versionId=') === true;
    if (isItself && !changesSomething) {
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    const body = await s3.objects.read(original);
    const algorithm = announced(headers) ?? original.checksum?.algorithm ?? 'CRC64NVME';
    const draft = {
      ...described,
      headers: replacesMetadata ? described.headers : original.headers,
      tags: replacesTags ? described.tags : original.tags,
      etag: md5Of(body),
      sizeBytes: body.length,
      checksum: {
        algorithm,
        value: computeChecksum(algorithm, body),
        type: 'FULL_OBJECT' as const,
      },
    };
    const content = await s3.objects.stage(body);
    const version = await s3.objects.put(bucket, draft, content, (current) => {
      checkWrite(headers, key, current);
    });
    const result = xml('CopyObjectResult', {
      LastModified: new Date(version.modifiedAtMs).toISOString(),
      ETag: `"${version.etag}"`,
      ...checksumElements(version.checksum),
    });
    return {
      ...result,
      headers: {
        ...result.headers,
        ...versionHeaders(bucket, version),
        ...sourceHeaders(source),
      },
    };
  },
};

/** Whether the directive is REPLACE; COPY is the default. */
function directive(headers: Readonly<Record<string, string>>, name: string): boolean {
  const value = headers[name] ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value === 'REPLACE';
  throw invalidArgument('Unknown metadata directive.', name, value);
}
