import { NO_CONTENT, xml, type BucketCall, type BucketOperation, type S3 } from '../operation.js';
import { writeTagList } from '../rule-filter.js';
import { readTagSet } from './bucket-tagging.js';
import { findVersion } from './find-version.js';
import { versionHeaders } from './object-headers.js';

const MAX_TAGS = 10;

const action = (verb: 'Get' | 'Put' | 'Delete') => (call: BucketCall) =>
  call.request.query.has('versionId') ? `${verb}ObjectVersionTagging` : `${verb}ObjectTagging`;

const find = (s3: S3, call: BucketCall) =>
  findVersion(s3, call, call.request.query.get('versionId') ?? undefined);

export const getObjectTagging: BucketOperation = {
  on: 'object',
  action: action('Get'),
  async perform(s3, call) {
    const version = await find(s3, call);
    const answer = xml('Tagging', { TagSet: { Tag: writeTagList(version.tags) } });
    return { ...answer, headers: { ...answer.headers, ...versionId(call, version) } };
  },
};

export const putObjectTagging: BucketOperation = {
  on: 'object',
  action: action('Put'),
  async perform(s3, call) {
    const tags = readTagSet(call.request.body, MAX_TAGS);
    const version = await find(s3, call);
    await s3.objects.retag(call.bucket, version, tags);
    return { status: 200, headers: versionId(call, version) };
  },
};

export const deleteObjectTagging: BucketOperation = {
  on: 'object',
  action: action('Delete'),
  async perform(s3, call) {
    const version = await find(s3, call);
    await s3.objects.retag(call.bucket, version, {});
    return { ...NO_CONTENT, headers: versionId(call, version) };
  },
};

function versionId({ bucket }: BucketCall, version: Awaited<ReturnType<typeof find>>) {
  const { encryption: _, ...rest } = version;
  return versionHeaders(bucket, rest);
}
