/** What the provider may do in the account, judged as IAM judges: the resources of claims, and nothing else of the account. */
import { describe, expect, test } from '@jest/globals';
import { providerPolicy } from '../../../src/definition/packages/provider-policy.js';
import { parsePolicy } from '../../../src/local/aws/policy/document.js';
import { evaluateIdentityPolicy } from '../../../src/local/aws/policy/evaluate.js';
import type { Principal } from '../../../src/local/aws/service.js';
import { awsNames } from '../../../src/model/names.js';

const ACCOUNT = '000000000042';
const NAMES = awsNames({ environmentSuffix: 'dev' });
const document = providerPolicy().render();
const policy = parsePolicy(document, 'identity');

const CALLER: Principal = {
  kind: 'role',
  accountId: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/provider/s`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/provider`,
};

function isAllowed(action: string, resource: string, context: Record<string, string> = {}) {
  const asked = new Map(Object.entries(context).map(([key, value]) => [key, [value]]));
  return (
    evaluateIdentityPolicy(policy, { caller: CALLER, action, resource, context: asked }) === 'allow'
  );
}

const arn = (service: string, rest: string) => `arn:aws:${service}:us-west-2:${ACCOUNT}:${rest}`;
const TABLE = arn('dynamodb', `table/${NAMES.table}`);
const BUCKET = `arn:aws:s3:::${NAMES.bucket.secondary}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/${NAMES.functionRole}`;
const FUNCTION = arn('lambda', `function:${NAMES.function.secondary}`);
const TOPIC = arn('sns', NAMES.topic.secondary);
const ALARM = arn('cloudwatch', `alarm:${NAMES.tableThrottlesAlarm.secondary}`);

describe('the provider may', () => {
  test.each([
    [
      'make, change and delete a table',
      TABLE,
      'dynamodb:CreateTable dynamodb:UpdateTable dynamodb:DeleteTable dynamodb:DescribeContinuousBackups dynamodb:UpdateContinuousBackups dynamodb:TagResource',
    ],
    [
      'fill a replica, as DynamoDB asks of who adds one',
      TABLE,
      'dynamodb:CreateTableReplica dynamodb:Scan dynamodb:BatchWriteItem',
    ],
    [
      'make a bucket and its settings',
      BUCKET,
      's3:CreateBucket s3:ListBucket s3:PutBucketVersioning s3:PutReplicationConfiguration s3:GetBucketPublicAccessBlock s3:PutEncryptionConfiguration s3:GetLifecycleConfiguration',
    ],
    [
      'empty a bucket that is to go',
      `${BUCKET}/transactions/tx-1.json`,
      's3:DeleteObject s3:DeleteObjectVersion s3:AbortMultipartUpload',
    ],
    [
      'make a role and write its policy',
      ROLE,
      'iam:CreateRole iam:GetRole iam:ListRolePolicies iam:PutRolePolicy iam:UpdateAssumeRolePolicy iam:DeleteRole',
    ],
    [
      'make a function',
      FUNCTION,
      'lambda:CreateFunction lambda:GetFunction lambda:UpdateFunctionCode lambda:PutFunctionEventInvokeConfig lambda:ListTags',
    ],
    [
      'make a topic and subscribe to it',
      TOPIC,
      'sns:CreateTopic sns:Subscribe sns:GetTopicAttributes',
    ],
    ['look at a subscription', `${TOPIC}:1234`, 'sns:GetSubscriptionAttributes sns:Unsubscribe'],
    [
      'make an alarm',
      ALARM,
      'cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms cloudwatch:TagResource',
    ],
    [
      'see alarms, of which CloudWatch shows all or none',
      arn('cloudwatch', 'alarm:*'),
      'cloudwatch:DescribeAlarms',
    ],
  ])('%s', (_, resource, actions) => {
    expect(actions.split(' ').filter((action) => !isAllowed(action, resource))).toEqual([]);
  });

  test.each(['lambda.amazonaws.com', 's3.amazonaws.com'])('give a role to %s', (service) => {
    expect(isAllowed('iam:PassRole', ROLE, { 'iam:passedtoservice': service })).toBe(true);
  });

  test('use a key through DynamoDB', () => {
    const via = { 'kms:viaservice': 'dynamodb.us-west-2.amazonaws.com' };
    expect(isAllowed('kms:CreateGrant', arn('kms', 'key/1'), via)).toBe(true);
  });
});

describe('the provider may not', () => {
  test.each([
    ['read audit objects', 's3:GetObject', `${BUCKET}/transactions/tx-1.json`],
    ['write audit objects', 's3:PutObject', `${BUCKET}/transactions/tx-1.json`],
    ['touch another bucket', 's3:DeleteBucket', 'arn:aws:s3:::somebody-else'],
    ['touch another table', 'dynamodb:DeleteTable', arn('dynamodb', 'table/orders')],
    ['invoke a function', 'lambda:InvokeFunction', FUNCTION],
    ['touch another function', 'lambda:UpdateFunctionCode', arn('lambda', 'function:other')],
    ['speak through a topic', 'sns:Publish', TOPIC],
    ['give itself rights', 'iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/provider`],
    ['make users', 'iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/a`],
    ['hand its role to a service that no claim uses', 'iam:PassRole', ROLE],
    ['use a key itself', 'kms:Decrypt', arn('kms', 'key/1')],
  ])('%s', (_, action, resource) => {
    expect(isAllowed(action, resource)).toBe(false);
  });
});

describe('the policy', () => {
  // IAM counts no white space.
  test('fits into a managed policy', () => {
    expect(JSON.stringify(JSON.parse(document)).length).toBeLessThan(6144);
  });
});
