import { AwsError } from '../../service.js';
import { NO_CONTENT, xml, type BucketOperation } from '../operation.js';
import { invalidTag, readTagList, writeTagList } from '../rule-filter.js';
import { malformedXml, readXml } from '../xml.js';

const MAX_TAGS = 50;

export const getBucketTagging: BucketOperation = {
  on: 'bucket',
  action: 'GetBucketTagging',
  perform(_s3, { bucket }) {
    if (bucket.tags === undefined) {
      throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404, {
        BucketName: bucket.name,
      });
    }
    return Promise.resolve(xml('Tagging', { TagSet: { Tag: writeTagList(bucket.tags) } }));
  },
};

export const putBucketTagging: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketTagging',
  async perform(s3, { bucket, request }) {
    const tags = readTagSet(request.body, MAX_TAGS, 'Bucket tag count');
    await s3.buckets.change(bucket, (current) => ({ ...current, tags }));
    return NO_CONTENT;
  },
};

export const deleteBucketTagging: BucketOperation = {
  on: 'bucket',
  action: 'PutBucketTagging',
  async perform(s3, { bucket }) {
    await s3.buckets.change(bucket, (current) => ({ ...current, tags: undefined }));
    return NO_CONTENT;
  },
};

/** Throws MalformedXML, InvalidTag or BadRequest as S3 does. */
export function readTagSet(body: Buffer, most: number, counted?: string): Record<string, string> {
  const tagging = readXml(body, 'Tagging');
  const set = tagging.child('TagSet');
  if (set === undefined) throw malformedXml();
  return checkTags(readTagList(set.children('Tag')), most, counted);
}

export function checkTags(
  tags: Readonly<Record<string, string>>,
  most: number,
  counted = 'Object tags',
): Record<string, string> {
  const entries = Object.entries(tags);
  if (entries.length > most) {
    throw new AwsError('BadRequest', `${counted} cannot be greater than ${most}`);
  }
  for (const [key, value] of entries) {
    if (key.length > 128) throw invalidTag('The TagKey you have provided is invalid', key);
    if (value.length > 256) throw invalidTag('The TagValue you have provided is invalid', key);
    if (key.startsWith('aws:')) {
      throw invalidTag('System tags cannot be added/updated by requester', key);
    }
  }
  return { ...tags };
}
