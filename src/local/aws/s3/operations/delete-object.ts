/** DeleteObject, and DeleteObjects for up to a thousand of them, each by itself. */
import { AwsError } from '../../service.js';
import { NO_CONTENT, xml, type BucketCall, type BucketOperation, type S3 } from '../operation.js';
import { malformedXml, readXml, type XmlElement } from '../xml.js';
import { checkBody } from './body-integrity.js';
import { checkWrite } from './conditions.js';
import { checkVersionId } from './find-version.js';

const MAX_KEYS = 1000;

const actionFor = (versionId: string | undefined) =>
  versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion';

export const deleteObject: BucketOperation = {
  on: 'object',
  action: ({ request }) => actionFor(request.query.get('versionId') ?? undefined),
  async perform(s3, { bucket, key, request }) {
    const versionId = request.query.get('versionId') ?? undefined;
    if (versionId !== undefined) checkVersionId(versionId);
    if (request.headers['if-match'] !== undefined) {
      checkWrite(request.headers, key, await s3.objects.find(bucket, key, versionId));
    }
    const deletion = await s3.objects.delete(bucket, key, versionId);
    return {
      ...NO_CONTENT,
      headers: {
        ...(deletion.versionId !== undefined && { 'x-amz-version-id': deletion.versionId }),
        ...(deletion.isMarker && { 'x-amz-delete-marker': 'true' }),
      },
    };
  },
};

export const deleteObjects: BucketOperation = {
  on: 'bucket',
  action: undefined,
  async perform(s3, call) {
    checkBody(call.request.body, call.request.headers);
    const list = readXml(call.request.body, 'Delete');
    const objects = list.children('Object');
    if (objects.length === 0 || objects.length > MAX_KEYS) throw malformedXml();
    const isQuiet = list.text('Quiet') === 'true';
    const results = [];
    for (const object of objects) results.push(await deleteOne(s3, call, object));
    return xml('DeleteResult', {
      Deleted: isQuiet ? [] : results.flatMap(({ Deleted }) => Deleted ?? []),
      Error: results.flatMap((result) => result.Error ?? []),
    });
  },
};

interface OneResult {
  readonly Deleted?: object;
  readonly Error?: object;
}

async function deleteOne(
  s3: S3,
  { bucket, request }: BucketCall,
  object: XmlElement,
): Promise<OneResult> {
  const Key = object.text('Key');
  if (Key === undefined || Key === '') throw malformedXml();
  const VersionId = object.text('VersionId');
  try {
    if (VersionId !== undefined) checkVersionId(VersionId);
    s3.access.authorize(request.caller, actionFor(VersionId), bucket, Key);
    const { versionId, isMarker } = await s3.objects.delete(bucket, Key, VersionId);
    return {
      Deleted: {
        Key,
        VersionId,
        ...(isMarker && { DeleteMarker: true, DeleteMarkerVersionId: versionId }),
      },
    };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Error: { Key, VersionId, Code: error.code, Message: error.message } };
  }
}
