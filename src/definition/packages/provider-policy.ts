/**
 * `deploy/aws/provider-policy.json`: what the provider may do in the account, and no more: the resources of claims, by their names.
 *
 * The provider reads more of a resource than it sets (Terraform's way), so reading is granted by prefix; `s3:GetObject` and the
 * like are not among it. Item rights on the table are what DynamoDB asks of whoever adds a replica ("Using IAM with global
 * tables"), those on ECR what Lambda asks of whoever makes a function of an image ("Amazon ECR permissions").
 */
import { BUCKET_PREFIX, NAMES } from '../../model/names.js';
import type { WrittenFile } from '../generated-file.js';
import type { Statement } from '../policy.js';

/** Any claim: its suffix, and whatever prefix of buckets it leaves at the default. */
function anyOf(pattern: string): string {
  return pattern
    .replace('{spec.environmentSuffix}', '*')
    .replace('{spec.bucketPrefix}', BUCKET_PREFIX);
}

function arns(service: string, ...names: readonly string[]): string[] {
  return names.map((name) => `arn:aws:${service}:*:*:${name}`);
}

const TABLE = anyOf(NAMES.table);
const BUCKETS = Object.values(NAMES.bucket).map((name) => `arn:aws:s3:::${anyOf(name)}`);
const ROLES = [NAMES.functionRole, NAMES.replicationRole].map(
  (name) => `arn:aws:iam::*:role/${anyOf(name)}`,
);
const FUNCTIONS = arns(
  'lambda',
  ...Object.values(NAMES.function).map((name) => `function:${anyOf(name)}`),
);
const TOPICS = arns('sns', ...Object.values(NAMES.topic).map(anyOf));
const ALARMS = arns(
  'cloudwatch',
  ...Object.entries(NAMES)
    .filter(([thing]) => thing.endsWith('Alarm'))
    .flatMap(([, names]) => Object.values(names))
    .map((name) => `alarm:${anyOf(name)}`),
);

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Statement['Condition'],
): Statement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

/** `dynamodb` and `CreateTable UpdateTable` make `dynamodb:CreateTable`, `dynamodb:UpdateTable`. */
function of(service: string, actions: string): string[] {
  return actions.split(' ').map((action) => `${service}:${action}`);
}

const STATEMENTS: readonly Statement[] = [
  allow(
    'Tables',
    of(
      'dynamodb',
      'CreateTable UpdateTable DeleteTable CreateTableReplica DeleteTableReplica CreateGlobalTableWitness DeleteGlobalTableWitness UpdateContinuousBackups Describe* ListTagsOfResource TagResource UntagResource',
    ),
    arns('dynamodb', `table/${TABLE}`, `table/${TABLE}/*`),
  ),
  allow(
    'ReplicasAreFilled',
    of('dynamodb', 'Scan Query GetItem PutItem UpdateItem DeleteItem BatchWriteItem'),
    arns('dynamodb', `table/${TABLE}`),
  ),
  allow('ReplicationOfTables', of('iam', 'CreateServiceLinkedRole'), [
    'arn:aws:iam::*:role/aws-service-role/replication.dynamodb.amazonaws.com/*',
  ]),
  allow(
    'Buckets',
    of(
      's3',
      'CreateBucket DeleteBucket ListBucket ListBucketVersions ListBucketMultipartUploads GetBucket* GetAccelerateConfiguration GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration PutBucketPolicy DeleteBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration PutReplicationConfiguration ListTagsForResource TagResource UntagResource',
    ),
    BUCKETS,
  ),
  // With dataRetention Delete a bucket goes with what is in it.
  allow(
    'BucketsAreEmptied',
    of('s3', 'DeleteObject DeleteObjectVersion AbortMultipartUpload'),
    BUCKETS.map((arn) => `${arn}/*`),
  ),
  allow(
    'Roles',
    of(
      'iam',
      'CreateRole DeleteRole GetRole GetRolePolicy List* PutRolePolicy DeleteRolePolicy UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription TagRole UntagRole',
    ),
    ROLES,
  ),
  allow('RolesAreGiven', of('iam', 'PassRole'), ROLES, {
    StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 's3.amazonaws.com'] },
  }),
  allow(
    'Functions',
    of(
      'lambda',
      'CreateFunction DeleteFunction UpdateFunctionCode UpdateFunctionConfiguration PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig Get* List* TagResource UntagResource',
    ),
    FUNCTIONS,
  ),
  allow(
    'ImagesOfFunctions',
    of('ecr', 'BatchGetImage GetDownloadUrlForLayer GetRepositoryPolicy SetRepositoryPolicy'),
    arns('ecr', 'repository/*'),
  ),
  allow(
    'Topics',
    of(
      'sns',
      'CreateTopic DeleteTopic Subscribe Unsubscribe SetTopicAttributes SetSubscriptionAttributes Get* List* TagResource UntagResource',
    ),
    TOPICS.flatMap((arn) => [arn, `${arn}:*`]),
  ),
  allow(
    'Alarms',
    of('cloudwatch', 'PutMetricAlarm DeleteAlarms ListTagsForResource TagResource UntagResource'),
    ALARMS,
  ),
  // Which alarms are described is no resource to CloudWatch: all or none.
  allow('AlarmsAreSeen', of('cloudwatch', 'DescribeAlarms'), ['*']),
  // For claims with SSE-KMS; the policy of the key has the last word.
  allow(
    'Keys',
    of('kms', 'DescribeKey CreateGrant Decrypt Encrypt GenerateDataKey* ReEncrypt*'),
    arns('kms', 'key/*'),
    { StringLike: { 'kms:ViaService': ['dynamodb.*.amazonaws.com', 's3.*.amazonaws.com'] } },
  ),
];

export function providerPolicy(): WrittenFile {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: STATEMENTS }, undefined, 2);
  return { path: 'deploy/aws/provider-policy.json', render: () => `${text}\n` };
}
