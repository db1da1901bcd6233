/** Lifecycle rules: expiration of current and noncurrent versions and of unfinished uploads (`objects/lifecycle.ts`). */
import { AwsError } from '../../service.js';
import type { LifecycleRule } from '../bucket-record.js';
import { NO_CONTENT, xml, type BucketOperation } from '../operation.js';
import { invalidRequest, notImplemented } from '../refusals.js';
import { readFilter, writeFilter } from '../rule-filter.js';
import { malformedXml, readXml, type XmlElement } from '../xml.js';

const MAX_RULES = 1000;

export const getBucketLifecycle: BucketOperation = {
  on: 'bucket',
  action: 'GetLifecycleConfiguration',
  perform(_s3, { bucket }) {
    if (bucket.lifecycle === undefined) {
      throw new AwsError(
        'NoSuchLifecycleConfiguration',
        'The lifecycle configuration does not exist',
        404,
        { BucketName: bucket.name },
      );
    }
    const body = xml('LifecycleConfiguration', { Rule: bucket.lifecycle.map(writeRule) });
    return Promise.resolve({
      ...body,
      headers: { ...body.headers, ...MINIMUM_SIZE },
    });
  },
};

const MINIMUM_SIZE = {
  'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K',
};

export const putBucketLifecycle: BucketOperation = {
  on: 'bucket',
  action: 'PutLifecycleConfiguration',
  async perform(s3, { bucket, request }) {
    const configuration = readXml(request.body, 'LifecycleConfiguration');
    configuration.allowOnly('Rule');
    const lifecycle = configuration.children('Rule').map(readRule);
    if (lifecycle.length === 0 || lifecycle.length > MAX_RULES) throw malformedXml();
    if (new Set(lifecycle.map(({ id }) => id)).size < lifecycle.length) {
      throw invalidRequest('Rule ID must be unique. Found same ID for more than one rule');
    }
    await s3.buckets.change(bucket, (current) => ({ ...current, lifecycle }));
    return { status: 200, headers: MINIMUM_SIZE };
  },
};

export const deleteBucketLifecycle: BucketOperation = {
  on: 'bucket',
  action: 'PutLifecycleConfiguration',
  async perform(s3, { bucket }) {
    await s3.buckets.change(bucket, (current) => ({ ...current, lifecycle: undefined }));
    return NO_CONTENT;
  },
};

function readRule(rule: XmlElement, index: number): LifecycleRule {
  if (rule.has('Transition') || rule.has('NoncurrentVersionTransition')) {
    throw notImplemented('A lifecycle transition');
  }
  rule.allowOnly(
    'ID',
    'Prefix',
    'Filter',
    'Status',
    'Expiration',
    'NoncurrentVersionExpiration',
    'AbortIncompleteMultipartUpload',
  );
  const status = rule.text('Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
  const isOldForm = rule.has('Prefix');
  if (isOldForm === rule.has('Filter')) throw malformedXml();
  const filter = rule.child('Filter');
  if (filter?.has('ObjectSizeGreaterThan') === true || filter?.has('ObjectSizeLessThan') === true) {
    throw notImplemented('A lifecycle filter by size');
  }
  const expiration = rule.child('Expiration');
  const noncurrent = rule.child('NoncurrentVersionExpiration');
  const uploads = rule.child('AbortIncompleteMultipartUpload');
  if (expiration === undefined && noncurrent === undefined && uploads === undefined) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  const days = noncurrent?.integer('NoncurrentDays', 1);
  if (noncurrent !== undefined && days === undefined) throw malformedXml();
  return {
    id: rule.text('ID') ?? `rule-${index + 1}`,
    isEnabled: status === 'Enabled',
    filter: isOldForm ? { prefix: rule.text('Prefix') ?? '', tags: {} } : readFilter(filter),
    isOldForm,
    ...(expiration !== undefined && { expiration: readExpiration(expiration) }),
    ...(days !== undefined && {
      noncurrent: { days, keeps: noncurrent?.integer('NewerNoncurrentVersions', 1) },
    }),
    abortUploadsAfterDays: uploads?.integer('DaysAfterInitiation', 1),
  };
}

function readExpiration(expiration: XmlElement): NonNullable<LifecycleRule['expiration']> {
  expiration.allowOnly('Days', 'Date', 'ExpiredObjectDeleteMarker');
  const date = expiration.text('Date');
  const read = {
    days: expiration.integer('Days', 1),
    dateMs: date === undefined ? undefined : Date.parse(date),
    removesLoneMarkers: expiration.has('ExpiredObjectDeleteMarker')
      ? expiration.text('ExpiredObjectDeleteMarker') === 'true'
      : undefined,
  };
  const given = Object.values(read).filter((value) => value !== undefined);
  if (given.length !== 1 || Number.isNaN(read.dateMs)) throw malformedXml();
  return read;
}

function writeRule(rule: LifecycleRule): object {
  const { expiration, noncurrent } = rule;
  return {
    ID: rule.id,
    ...(rule.isOldForm ? { Prefix: rule.filter.prefix } : { Filter: writeFilter(rule.filter) }),
    Status: rule.isEnabled ? 'Enabled' : 'Disabled',
    ...(expiration !== undefined && {
      Expiration: {
        Days: expiration.days,
        Date:
          expiration.dateMs === undefined ? undefined : new Date(expiration.dateMs).toISOString(),
        ExpiredObjectDeleteMarker: expiration.removesLoneMarkers,
      },
    }),
    ...(noncurrent !== undefined && {
      NoncurrentVersionExpiration: {
        NoncurrentDays: noncurrent.days,
        NewerNoncurrentVersions: noncurrent.keeps,
      },
    }),
    ...(rule.abortUploadsAfterDays !== undefined && {
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: rule.abortUploadsAfterDays },
    }),
  };
}
