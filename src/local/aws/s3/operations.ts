/** Every operation that is answered, by method, place and subresource; `routes.ts` refuses the rest. */
import type { Operation } from './operation.js';
import {
  deleteBucketEncryption,
  getBucketEncryption,
  putBucketEncryption,
} from './operations/bucket-encryption.js';
import {
  deleteBucketLifecycle,
  getBucketLifecycle,
  putBucketLifecycle,
} from './operations/bucket-lifecycle.js';
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from './operations/bucket-policy.js';
import {
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './operations/bucket-presence.js';
import {
  deleteBucketReplication,
  getBucketReplication,
  putBucketReplication,
} from './operations/bucket-replication.js';
import {
  deleteBucketTagging,
  getBucketTagging,
  putBucketTagging,
} from './operations/bucket-tagging.js';
import { getBucketVersioning, putBucketVersioning } from './operations/bucket-versioning.js';
import { completeMultipartUpload } from './operations/complete-multipart-upload.js';
import { copyObject } from './operations/copy-object.js';
import { createBucket } from './operations/create-bucket.js';
import { deleteObject, deleteObjects } from './operations/delete-object.js';
import { getObjectAttributes } from './operations/get-object-attributes.js';
import { getObject, headObject } from './operations/get-object.js';
import { listObjectVersions } from './operations/list-object-versions.js';
import { listObjects, listObjectsV2 } from './operations/list-objects.js';
import { listMultipartUploads, listParts } from './operations/list-uploads-and-parts.js';
import {
  abortMultipartUpload,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from './operations/multipart-upload.js';
import {
  deleteObjectTagging,
  getObjectTagging,
  putObjectTagging,
} from './operations/object-tagging.js';
import {
  deleteOwnershipControls,
  getBucketAcl,
  getObjectAcl,
  getOwnershipControls,
  putAcl,
  putOwnershipControls,
} from './operations/ownership-and-acl.js';
import {
  deletePublicAccessBlock,
  getPublicAccessBlock,
  putPublicAccessBlock,
} from './operations/public-access-block.js';
import { putObject } from './operations/put-object.js';
import {
  getBucketAccelerate,
  getBucketCors,
  getBucketLogging,
  getBucketNotification,
  getBucketRequestPayment,
  getBucketWebsite,
  getObjectLockConfiguration,
} from './operations/settings-never-set.js';

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['GET account', listBuckets],

  ['PUT bucket', createBucket],
  ['HEAD bucket', headBucket],
  ['DELETE bucket', deleteBucket],
  ['GET bucket location', getBucketLocation],
  ['GET bucket', listObjects],
  ['GET bucket list-type', listObjectsV2],
  ['GET bucket versions', listObjectVersions],
  ['POST bucket delete', deleteObjects],
  ['GET bucket uploads', listMultipartUploads],

  ['GET bucket versioning', getBucketVersioning],
  ['PUT bucket versioning', putBucketVersioning],
  ['GET bucket encryption', getBucketEncryption],
  ['PUT bucket encryption', putBucketEncryption],
  ['DELETE bucket encryption', deleteBucketEncryption],
  ['GET bucket publicAccessBlock', getPublicAccessBlock],
  ['PUT bucket publicAccessBlock', putPublicAccessBlock],
  ['DELETE bucket publicAccessBlock', deletePublicAccessBlock],
  ['GET bucket policy', getBucketPolicy],
  ['PUT bucket policy', putBucketPolicy],
  ['DELETE bucket policy', deleteBucketPolicy],
  ['GET bucket policyStatus', getBucketPolicyStatus],
  ['GET bucket tagging', getBucketTagging],
  ['PUT bucket tagging', putBucketTagging],
  ['DELETE bucket tagging', deleteBucketTagging],
  ['GET bucket ownershipControls', getOwnershipControls],
  ['PUT bucket ownershipControls', putOwnershipControls],
  ['DELETE bucket ownershipControls', deleteOwnershipControls],
  ['GET bucket acl', getBucketAcl],
  ['PUT bucket acl', putAcl('bucket', 'PutBucketAcl')],
  ['GET bucket lifecycle', getBucketLifecycle],
  ['PUT bucket lifecycle', putBucketLifecycle],
  ['DELETE bucket lifecycle', deleteBucketLifecycle],
  ['GET bucket replication', getBucketReplication],
  ['PUT bucket replication', putBucketReplication],
  ['DELETE bucket replication', deleteBucketReplication],
  ['GET bucket cors', getBucketCors],
  ['GET bucket website', getBucketWebsite],
  ['GET bucket object-lock', getObjectLockConfiguration],
  ['GET bucket logging', getBucketLogging],
  ['GET bucket notification', getBucketNotification],
  ['GET bucket accelerate', getBucketAccelerate],
  ['GET bucket requestPayment', getBucketRequestPayment],

  ['PUT object', putObject],
  ['PUT object copy', copyObject],
  ['GET object', getObject],
  ['HEAD object', headObject],
  ['DELETE object', deleteObject],
  ['GET object attributes', getObjectAttributes],
  ['GET object tagging', getObjectTagging],
  ['PUT object tagging', putObjectTagging],
  ['DELETE object tagging', deleteObjectTagging],
  ['GET object acl', getObjectAcl],
  ['PUT object acl', putAcl('object', 'PutObjectAcl')],
  ['POST object uploads', createMultipartUpload],
  ['PUT object uploadId', uploadPart],
  ['PUT object uploadId copy', uploadPartCopy],
  ['POST object uploadId', completeMultipartUpload],
  ['DELETE object uploadId', abortMultipartUpload],
  ['GET object uploadId', listParts],
]);
