/**
 * S3 of the local AWS: REST with XML, path style or with the bucket as a label before `localhost`; permissions, and the operations.
 *
 * Each region has buckets of its own under names that are unique in all regions; a call for a bucket elsewhere is redirected.
 */
import type { Cloud } from '../cloud.js';
import { AwsError, type Service, type ServiceRequest, type ServiceResponse } from '../service.js';
import { KeyLocks } from '../state/key-locks.js';
import { Access } from './access.js';
import type { BucketRecord } from './bucket-record.js';
import { Buckets } from './buckets.js';
import { Lifecycle } from './objects/lifecycle.js';
import { ObjectStorage } from './objects/object-storage.js';
import { Objects } from './objects/objects.js';
import { Uploads } from './objects/uploads.js';
import type { BucketCall, Call, Operation, S3 } from './operation.js';
import { ReplicationMetrics } from './replication/metrics.js';
import { Replication } from './replication/replication.js';
import { findOperation, parseTarget } from './routes.js';
import { writeErrorXml } from './xml.js';

export async function createS3(cloud: Cloud): Promise<Service> {
  const buckets = await Buckets.open(cloud);
  const storage = await ObjectStorage.open(await cloud.state.directory('s3-objects'));
  const locks = new KeyLocks();
  const access = new Access(cloud.access);
  const metrics = new ReplicationMetrics(cloud, buckets);
  const replication = new Replication(cloud, buckets, storage, locks, access, metrics);
  const objects = new Objects(cloud, storage, locks, replication);
  const uploads = new Uploads(cloud.clock, storage);
  const s3: S3 = { cloud, buckets, objects, uploads, access };
  const lifecycle = new Lifecycle(s3);
  await replication.start();
  metrics.start();
  lifecycle.start();

  return {
    signingName: 's3',
    answer: async (request) => withIds(request, await perform(s3, request)),
    answerError: (error, request) => withIds(request, respondError(error, request)),
    async close() {
      await lifecycle.stop();
      await replication.stop();
      await metrics.stop();
      await storage.close();
    },
  };
}

function perform(s3: S3, request: ServiceRequest): Promise<ServiceResponse> {
  const target = parseTarget(request);
  const operation: Operation = findOperation(request, target);
  const call: Call = { request, ...target };
  if (operation.on === 'account') {
    const action = actionOf(operation.action, call);
    if (action !== undefined) {
      s3.access.authorizeArn(request.caller, `s3:${action}`, accountResource(call));
    }
    return operation.perform(s3, call);
  }
  const bucket = s3.buckets.get(call.bucketName);
  const bucketCall: BucketCall = { ...call, bucket };
  if (bucket.region !== request.region) throw elsewhere(bucket);
  const action = actionOf(operation.action, bucketCall);
  if (action !== undefined) {
    const key = operation.on === 'object' ? call.key : undefined;
    s3.access.authorize(request.caller, action, bucket, key);
  }
  refuseThrottled(s3, bucket);
  return operation.perform(s3, bucketCall);
}

/** Throws S3's answer to more requests than it takes: nothing was done, and the SDKs try again. */
function refuseThrottled({ cloud: { mishaps } }: S3, { region, name }: BucketRecord): void {
  const place = { region, service: 's3', resource: name };
  if (mishaps.strikes('throttle', place) === undefined) return;
  throw new AwsError('SlowDown', 'Please reduce your request rate.', 503);
}

function actionOf<C>(
  action: ((call: C) => string) | string | undefined,
  call: C,
): string | undefined {
  return typeof action === 'function' ? action(call) : action;
}

function accountResource({ bucketName }: Call): string {
  return bucketName === '' ? '*' : `arn:aws:s3:::${bucketName}`;
}

function elsewhere(bucket: BucketRecord): AwsError {
  return new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    301,
    {
      Bucket: bucket.name,
      Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`,
      region: bucket.region,
    },
  );
}

/** `region` among an error's fields becomes the header by which SDKs find the bucket. */
function respondError(error: AwsError, request: ServiceRequest): ServiceResponse {
  const { region, headers, ...fields } = error.fields;
  const answered = {
    ...(typeof region === 'string' && { 'x-amz-bucket-region': region }),
    ...(headers as Record<string, string> | undefined),
  };
  if (request.method === 'HEAD' || error.status === 304) {
    return { status: error.status, headers: answered };
  }
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...answered },
    body: writeErrorXml({
      Code: error.code,
      Message: error.message,
      ...fields,
      Resource: request.path,
      RequestId: request.id,
      HostId: request.id,
    }),
  };
}

function withIds(request: ServiceRequest, response: ServiceResponse): ServiceResponse {
  const ids = { 'x-amz-request-id': request.id, 'x-amz-id-2': request.id };
  return { ...response, headers: { ...ids, ...response.headers } };
}
