import type { BucketOperation } from '../operation.js';
import { checkBody, checksumHeaders, md5Of } from './body-integrity.js';
import { checkWrite } from './conditions.js';
import { describeObject, versionHeaders } from './object-headers.js';

export const putObject: BucketOperation = {
  on: 'object',
  action: 'PutObject',
  async perform(s3, { bucket, key, request: { headers, body, caller } }) {
    if (headers['x-amz-tagging'] !== undefined) {
      s3.access.authorize(caller, 'PutObjectTagging', bucket, key);
    }
    const description = describeObject(bucket, key, headers);
    const checksum = checkBody(body, headers);
    const draft = { ...description, etag: md5Of(body), sizeBytes: body.length, checksum };
    const content = await s3.objects.stage(body);
    const version = await s3.objects.put(bucket, draft, content, (current) => {
      checkWrite(headers, key, current);
    });
    return {
      status: 200,
      headers: {
        etag: `"${version.etag}"`,
        ...versionHeaders(bucket, version),
        ...checksumHeaders(version.checksum),
      },
    };
  },
};
