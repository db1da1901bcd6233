/**
 * What an operation of the S3 API is: what it acts on, which permission it needs, and what it does.
 *
 * The service finds the bucket and asks for the permission before it performs, so no operation can forget to.
 */
import type { Cloud } from '../cloud.js';
import type { ServiceRequest, ServiceResponse } from '../service.js';
import type { BucketRecord } from './bucket-record.js';
import type { Buckets } from './buckets.js';
import type { Access } from './access.js';
import type { Objects } from './objects/objects.js';
import type { Uploads } from './objects/uploads.js';
import { writeXml } from './xml.js';

/** The parts that operations work with. */
export interface S3 {
  readonly cloud: Cloud;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly access: Access;
}

export interface Call {
  readonly request: ServiceRequest;
  readonly bucketName: string;
  readonly key: string;
}

export interface BucketCall extends Call {
  readonly bucket: BucketRecord;
}

interface Permission<C> {
  /** Without `s3:`. `undefined` where the operation asks by itself, item by item. */
  readonly action: ((call: C) => string) | string | undefined;
}

/** On no bucket, or on one that need not exist or be in this region. */
export interface AccountOperation extends Permission<Call> {
  readonly on: 'account';
  perform(s3: S3, call: Call): Promise<ServiceResponse>;
}

/** On a bucket of this region, or on an object in it. */
export interface BucketOperation extends Permission<BucketCall> {
  readonly on: 'bucket' | 'object';
  perform(s3: S3, call: BucketCall): Promise<ServiceResponse>;
}

export type Operation = AccountOperation | BucketOperation;

export const NO_CONTENT: ServiceResponse = { status: 204 };

export function xml(root: string, content: object | string): ServiceResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: writeXml(root, content),
  };
}
