/** S3: a bucket is many resources, one for each of its settings. Each setting finds its bucket by reference. */
import { flag, list, number, object, text } from '../schema.js';
import { arn, id, region, tags, tagsAll } from './fields.js';
import { defineKind } from './kind.js';
import { reference, selector } from './references.js';

const itsBucket = {
  bucket: text('The name of the bucket.'),
  bucketRef: reference('the Bucket'),
  bucketSelector: selector('the Bucket'),
};

const status = text('Enabled or Disabled.');

export const Bucket = defineKind({
  kind: 'Bucket',
  plural: 'buckets',
  service: 's3',
  clusterVersion: 'v1beta2',
  description: 'An S3 bucket.',
  externalName: 'given',
  needs: [],
  forProvider: object(
    'What is asked of S3.',
    {
      region,
      tags,
      forceDestroy: flag(
        'Whether deleting the bucket deletes its objects first. It counts as it was stored before the deletion.',
      ),
      objectLockEnabled: flag('Whether objects can be locked against deletion; only at creation.'),
    },
    { required: ['region'] },
  ),
  observed: {
    arn,
    id,
    tagsAll,
    bucketDomainName: text('The host name of the bucket.'),
    bucketRegionalDomainName: text('The host name of the bucket in its region.'),
    hostedZoneId: text('The Route 53 zone of the region of S3.'),
  },
});

export const BucketVersioning = defineKind({
  kind: 'BucketVersioning',
  plural: 'bucketversionings',
  service: 's3',
  clusterVersion: 'v1beta2',
  description: 'Whether a bucket keeps earlier versions of its objects.',
  externalName: 'assigned',
  needs: ['versioningConfiguration'],
  refersTo: { bucket: 'Bucket' },
  forProvider: object(
    'What is asked of S3.',
    {
      region,
      ...itsBucket,
      versioningConfiguration: object('The setting.', { status: text('Enabled or Suspended.') }),
    },
    { required: ['region'] },
  ),
  observed: { id },
});

export const BucketPublicAccessBlock = defineKind({
  kind: 'BucketPublicAccessBlock',
  plural: 'bucketpublicaccessblocks',
  service: 's3',
  clusterVersion: 'v1beta1',
  description: 'Refusal of everything that would make a bucket public.',
  externalName: 'assigned',
  needs: [],
  refersTo: { bucket: 'Bucket' },
  forProvider: object(
    'What is asked of S3.',
    {
      region,
      ...itsBucket,
      blockPublicAcls: flag('Refuses requests that set a public ACL.'),
      blockPublicPolicy: flag('Refuses bucket policies that are public.'),
      ignorePublicAcls: flag('Takes public ACLs as if they were not there.'),
      restrictPublicBuckets: flag(
        'Lets only the owner and AWS services in, if the policy is public.',
      ),
    },
    { required: ['region'] },
  ),
  observed: { id },
});

export const BucketServerSideEncryptionConfiguration = defineKind({
  kind: 'BucketServerSideEncryptionConfiguration',
  plural: 'bucketserversideencryptionconfigurations',
  service: 's3',
  clusterVersion: 'v1beta2',
  description: 'How a bucket encrypts new objects.',
  externalName: 'assigned',
  needs: ['rule'],
  refersTo: { bucket: 'Bucket' },
  forProvider: object(
    'What is asked of S3.',
    {
      region,
      ...itsBucket,
      rule: list(
        'One rule.',
        object('How new objects are encrypted.', {
          applyServerSideEncryptionByDefault: object(
            'The default for objects whose writer asks for nothing else.',
            {
              sseAlgorithm: text('AES256, or aws:kms with a key.'),
              kmsMasterKeyId: text('The ARN of the KMS key.'),
            },
          ),
          bucketKeyEnabled: flag(
            'Whether S3 asks KMS once for the bucket and not for each object.',
          ),
        }),
      ),
    },
    { required: ['region'] },
  ),
  observed: { id },
});

export const BucketPolicy = defineKind({
  kind: 'BucketPolicy',
  plural: 'bucketpolicies',
  service: 's3',
  clusterVersion: 'v1beta1',
  description: 'Who may do what with a bucket.',
  externalName: 'assigned',
  needs: ['policy'],
  refersTo: { bucket: 'Bucket' },
  forProvider: object(
    'What is asked of S3.',
    { region, ...itsBucket, policy: text('The policy document, as JSON.') },
    { required: ['region'] },
  ),
  observed: { id },
});

/** In every version of the real provider, single parts of a rule are lists of one here, as nowhere else. */
export const BucketLifecycleConfiguration = defineKind({
  kind: 'BucketLifecycleConfiguration',
  plural: 'bucketlifecycleconfigurations',
  service: 's3',
  // Both are served with one schema; this is the one that the real provider stores.
  clusterVersion: 'v1beta1',
  description: 'When S3 deletes versions and uploads that nobody needs any more.',
  externalName: 'assigned',
  needs: [],
  refersTo: { bucket: 'Bucket' },
  forProvider: object(
    'What is asked of S3.',
    {
      region,
      ...itsBucket,
      rule: list(
        'The rules.',
        object('A rule.', {
          id: text('Its name.'),
          status,
          filter: list(
            'Which objects: an empty prefix means all.',
            object('The objects.', { prefix: text('The beginning of their keys.') }),
          ),
          noncurrentVersionExpiration: list(
            'When versions go that are no longer the current one.',
            object('When.', {
              noncurrentDays: number('Days after another version took its place.'),
            }),
          ),
          abortIncompleteMultipartUpload: list(
            'When the parts of uploads go that were never completed.',
            object('When.', { daysAfterInitiation: number('Days after the upload began.') }),
          ),
        }),
      ),
    },
    { required: ['region'] },
  ),
  observed: { id },
});

export const BucketReplicationConfiguration = defineKind({
  kind: 'BucketReplicationConfiguration',
  plural: 'bucketreplicationconfigurations',
  service: 's3',
  clusterVersion: 'v1beta2',
  description:
    'Which objects of a bucket S3 copies to which other bucket. Both must be versioned first.',
  externalName: 'assigned',
  needs: ['rule'],
  refersTo: { bucket: 'Bucket', role: 'Role' },
  forProvider: object(
    'What is asked of S3.',
    {
      region,
      ...itsBucket,
      role: text('The ARN of the role that S3 takes on to copy.'),
      roleRef: reference('the Role'),
      roleSelector: selector('the Role'),
      rule: list(
        'The rules.',
        object('A rule.', {
          id: text('Its name.'),
          priority: number('Among rules with the same objects the highest counts.'),
          status,
          filter: object('Which objects: an empty prefix means all.', {
            prefix: text('The beginning of their keys.'),
          }),
          deleteMarkerReplication: object(
            'Whether a deletion is copied too. Required with a filter.',
            { status },
          ),
          sourceSelectionCriteria: object('Objects that are copied only when asked for.', {
            replicaModifications: object(
              'Changes of metadata of objects that are copies themselves.',
              { status },
            ),
            sseKmsEncryptedObjects: object('Objects encrypted with KMS keys.', { status }),
          }),
          destination: object('Where to.', {
            bucket: text('The ARN of the other bucket.'),
            storageClass: text('The storage class of the copies.'),
            encryptionConfiguration: object('How copies of KMS-encrypted objects are encrypted.', {
              replicaKmsKeyId: text("The ARN of a KMS key in the other bucket's region."),
            }),
            metrics: object('Metrics of how far replication is behind.', {
              status,
              eventThreshold: object('When S3 says that an object is late.', {
                minutes: number('15.'),
              }),
            }),
            replicationTime: object('Replication Time Control.', {
              status,
              time: object('The promised time.', { minutes: number('15.') }),
            }),
          }),
        }),
      ),
    },
    { required: ['region'] },
  ),
  observed: { id },
});
