/** Calls that are in order, of every protocol: what the malformed ones are made from. */
import { cbor } from '@smithy/core/cbor';
import type { PlainRequest } from './signed-request.js';

export const SHAPES = ['json', 'query', 'rest-xml', 'rest-json', 'cbor'] as const;
export type Shape = (typeof SHAPES)[number];

export interface WellFormed {
  readonly service: string;
  /** How the service words its errors. */
  readonly shape: Shape;
  readonly name: string;
  /** What is changed; the request is made from it. Text is XML. */
  readonly input: Json | string;
  request(body: Buffer): PlainRequest;
}

type Json = Readonly<Record<string, unknown>>;

const ACCOUNT = '123456789012';
const KEY = { transaction_id: { S: 'a' } };
const POLICY =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';
const TRUST = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${ACCOUNT}","Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;
const IMAGE = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/payment-processor:1`;
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:t`;
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/fuzz`;
const ALARM = {
  AlarmName: 'a', Namespace: 'App', MetricName: 'm', Statistic: 'Sum', Period: 60,
  EvaluationPeriods: 1, Threshold: 1.5, ComparisonOperator: 'GreaterThanThreshold',
  Dimensions: [{ Name: 'n', Value: 'v' }], AlarmActions: [TOPIC], Tags: [{ Key: 'k', Value: 'v' }],
}; // prettier-ignore

const DYNAMODB: Readonly<Record<string, Json>> = {
  CreateTable: {
    TableName: 'fuzz', BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'transaction_id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'transaction_id', KeyType: 'HASH' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    SSESpecification: { Enabled: true }, Tags: [{ Key: 'k', Value: 'v' }],
  },
  DescribeTable: { TableName: 'fuzz' },
  ListTables: { Limit: 5, ExclusiveStartTableName: 'aaa' },
  UpdateTable: { TableName: 'fuzz', ReplicaUpdates: [{ Create: { RegionName: 'us-west-2' } }] },
  UpdateTimeToLive: { TableName: 'fuzz', TimeToLiveSpecification: { Enabled: true, AttributeName: 't' } },
  UpdateContinuousBackups: {
    TableName: 'fuzz', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  },
  TagResource: { ResourceArn: TABLE, Tags: [{ Key: 'k', Value: 'v' }] },
  ListTagsOfResource: { ResourceArn: TABLE, NextToken: 'x' },
  PutItem: {
    TableName: 'fuzz', Item: { ...KEY, n: { N: '1' }, l: { L: [{ M: { a: { B: 'AA==' } } }] } },
    ConditionExpression: 'attribute_not_exists(#a) AND #a < :v',
    ExpressionAttributeNames: { '#a': 'a' }, ExpressionAttributeValues: { ':v': { N: '1' } },
  },
  GetItem: { TableName: 'fuzz', Key: KEY, ProjectionExpression: 'a.b[0]', ConsistentRead: true },
  UpdateItem: {
    TableName: 'fuzz', Key: KEY, UpdateExpression: 'SET a = if_not_exists(a, :v) + :v REMOVE b ADD c :v',
    ExpressionAttributeValues: { ':v': { N: '1' } }, ReturnValues: 'ALL_NEW',
  },
  DeleteItem: { TableName: 'fuzz', Key: KEY, ReturnValues: 'ALL_OLD' },
  Query: {
    TableName: 'fuzz', KeyConditionExpression: 'transaction_id = :v', Limit: 5,
    ExpressionAttributeValues: { ':v': { S: 'a' } }, ExclusiveStartKey: KEY,
  },
  Scan: { TableName: 'fuzz', FilterExpression: 'contains(a, :v)', ExpressionAttributeValues: { ':v': { S: 'a' } }, Segment: 0, TotalSegments: 2 },
  BatchGetItem: { RequestItems: { fuzz: { Keys: [KEY], ConsistentRead: true } } },
  BatchWriteItem: { RequestItems: { fuzz: [{ PutRequest: { Item: KEY } }, { DeleteRequest: { Key: { transaction_id: { S: 'b' } } } }] } },
  TransactGetItems: { TransactItems: [{ Get: { TableName: 'fuzz', Key: KEY } }] },
  TransactWriteItems: {
    ClientRequestToken: 'token',
    TransactItems: [{ Put: { TableName: 'fuzz', Item: KEY, ConditionExpression: 'attribute_exists(a)' } }],
  },
}; // prettier-ignore

const LOGS: Readonly<Record<string, Json>> = {
  CreateLogGroup: { logGroupName: 'g', tags: { a: 'b' }, logGroupClass: 'STANDARD' },
  CreateLogStream: { logGroupName: 'g', logStreamName: 's' },
  PutLogEvents: { logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: 1, message: 'm' }] },
  FilterLogEvents: { logGroupName: 'g', filterPattern: '{ $.a = "b" && $.c > 1 }', startTime: 0, limit: 5, nextToken: 'x' },
  GetLogEvents: { logGroupName: 'g', logStreamName: 's', startFromHead: true, nextToken: 'f/1' },
  DescribeLogGroups: { logGroupNamePrefix: 'g', limit: 5, nextToken: 'x' },
  PutRetentionPolicy: { logGroupName: 'g', retentionInDays: 14 },
}; // prettier-ignore

const SQS: Readonly<Record<string, Json>> = {
  CreateQueue: { QueueName: 'q', Attributes: { VisibilityTimeout: '5', Policy: POLICY }, tags: { a: 'b' } },
  SendMessage: {
    QueueUrl: `http://127.0.0.1/${ACCOUNT}/q`, MessageBody: 'b', DelaySeconds: 0,
    MessageAttributes: { a: { DataType: 'Binary', BinaryValue: 'AA==' } },
  },
  SendMessageBatch: { QueueUrl: `http://127.0.0.1/${ACCOUNT}/q`, Entries: [{ Id: '1', MessageBody: 'b' }] },
  ReceiveMessage: { QueueUrl: `http://127.0.0.1/${ACCOUNT}/q`, MaxNumberOfMessages: 2, VisibilityTimeout: 1 },
  SetQueueAttributes: { QueueUrl: `http://127.0.0.1/${ACCOUNT}/q`, Attributes: { DelaySeconds: '0' } },
  DeleteMessage: { QueueUrl: `http://127.0.0.1/${ACCOUNT}/q`, ReceiptHandle: 'x' },
  ListQueues: { QueueNamePrefix: 'q', MaxResults: 5, NextToken: 'x' },
}; // prettier-ignore

const CLOUDWATCH: Readonly<Record<string, Json>> = {
  PutMetricAlarm: ALARM,
  PutCompositeAlarm: { AlarmName: 'c', AlarmRule: 'ALARM(a) OR NOT OK("b")', AlarmActions: [TOPIC] },
  PutMetricData: { Namespace: 'App', MetricData: [{ MetricName: 'm', Value: 1.5, Unit: 'Count', Dimensions: [{ Name: 'n', Value: 'v' }], Values: [1], Counts: [2] }] },
  GetMetricData: {
    StartTime: 1_700_000_000, EndTime: 1_700_003_600, MaxDatapoints: 5,
    MetricDataQueries: [
      { Id: 'a', MetricStat: { Metric: { Namespace: 'App', MetricName: 'm' }, Period: 60, Stat: 'p99' } },
      { Id: 'b', Expression: 'IF(a > 1, SUM([a, 2]), FILL(a, 0)) / 2' },
    ],
  },
  GetMetricStatistics: { Namespace: 'App', MetricName: 'm', StartTime: 1_700_000_000, EndTime: 1_700_003_600, Period: 60, Statistics: ['Sum'] },
  DescribeAlarms: { AlarmNames: ['a'], MaxRecords: 5, NextToken: 'x' },
  DescribeAlarmHistory: { AlarmName: 'a', MaxRecords: 5, StartDate: 1_700_000_000 },
  SetAlarmState: { AlarmName: 'a', StateValue: 'OK', StateReason: 'r', StateReasonData: '{}' },
}; // prettier-ignore

const QUERY: readonly (readonly [service: string, version: string, action: string, input: Json])[] = [
  ['sns', '2010-03-31', 'CreateTopic', { Name: 't', 'Attributes.entry.1.key': 'DisplayName', 'Attributes.entry.1.value': 'x', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }],
  ['sns', '2010-03-31', 'Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@example.org', 'Attributes.entry.1.key': 'FilterPolicy', 'Attributes.entry.1.value': '{"a":["b",{"numeric":[">",1]}]}' }],
  ['sns', '2010-03-31', 'Publish', { TopicArn: TOPIC, Message: '{"default":"m"}', MessageStructure: 'json', Subject: 's', 'MessageAttributes.entry.1.Name': 'a', 'MessageAttributes.entry.1.Value.DataType': 'String', 'MessageAttributes.entry.1.Value.StringValue': 'b' }],
  ['sns', '2010-03-31', 'SetTopicAttributes', { TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue: POLICY }],
  ['sns', '2010-03-31', 'ListTopics', { NextToken: '1' }],
  ['iam', '2010-05-08', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST, MaxSessionDuration: '3600', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }],
  ['iam', '2010-05-08', 'CreatePolicy', { PolicyName: 'p', PolicyDocument: POLICY, Path: '/a/' }],
  ['iam', '2010-05-08', 'ListRoles', { MaxItems: '5', Marker: 'MQ==', PathPrefix: '/' }],
  ['iam', '2010-05-08', 'SimulateCustomPolicy', { 'PolicyInputList.member.1': POLICY, 'ActionNames.member.1': 's3:GetObject', 'ContextEntries.member.1.ContextKeyName': 'aws:x', 'ContextEntries.member.1.ContextKeyValues.member.1': 'y' }],
  ['iam', '2010-05-08', 'CreateOpenIDConnectProvider', { Url: 'https://a.example.org', 'ThumbprintList.member.1': 'a'.repeat(40), 'ClientIDList.member.1': 'c' }],
  ['sts', '2011-06-15', 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'me', DurationSeconds: '900', Policy: POLICY }],
  ['sts', '2011-06-15', 'AssumeRoleWithWebIdentity', { RoleArn: ROLE, RoleSessionName: 'me', WebIdentityToken: `e30.${Buffer.from('{"iss":"https://a.example.org"}').toString('base64url')}.AA` }],
  ['monitoring', '2010-08-01', 'DescribeAlarms', { 'AlarmNames.member.1': 'a', MaxRecords: '5' }],
]; // prettier-ignore

const S3: readonly (readonly [method: string, path: string, body: string, headers?: Record<string, string>])[] = [
  ['PUT', '/fuzz?versioning', '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'],
  ['PUT', '/fuzz?lifecycle', '<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>'],
  ['PUT', '/fuzz?replication', `<ReplicationConfiguration><Role>${ROLE}</Role><Rule><ID>a</ID><Priority>1</Priority><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::other</Bucket></Destination></Rule></ReplicationConfiguration>`],
  ['PUT', '/fuzz?tagging', '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>'],
  ['PUT', '/fuzz?encryption', '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>'],
  ['PUT', '/fuzz?publicAccessBlock', '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>'],
  ['PUT', '/fuzz?policy', POLICY],
  ['POST', '/fuzz?delete', '<Delete><Object><Key>a</Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>'],
  ['POST', '/fuzz/key?uploadId=x', '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"e"</ETag></Part></CompleteMultipartUpload>'],
  ['PUT', '/fuzz/key', 'content', { 'x-amz-tagging': 'a=b', 'x-amz-storage-class': 'STANDARD', 'if-none-match': '*', 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }],
  ['PUT', '/fuzz/copy', '', { 'x-amz-copy-source': '/fuzz/key?versionId=x', 'x-amz-metadata-directive': 'REPLACE' }],
  ['GET', '/fuzz?list-type=2&max-keys=5&continuation-token=x&encoding-type=url', ''],
  ['GET', '/fuzz?versions&key-marker=a&version-id-marker=b', ''],
  ['GET', '/fuzz/key?partNumber=1', '', { range: 'bytes=0-5', 'if-modified-since': 'Thu, 26 Nov 2026 00:00:00 GMT' }],
]; // prettier-ignore

const FUNCTION = '/2015-03-31/functions/pay';
const LAMBDA: readonly (readonly [method: string, path: string, input: Json])[] = [
  ['POST', '/2015-03-31/functions', { FunctionName: 'pay', PackageType: 'Image', Role: ROLE, Code: { ImageUri: IMAGE }, Environment: { Variables: { AB: 'b' } }, ImageConfig: { Command: ['a'] }, Architectures: ['arm64'], Tags: { a: 'b' } }],
  ['PUT', `${FUNCTION}/configuration`, { MemorySize: 512, Timeout: 3, VpcConfig: { SubnetIds: [] }, Layers: [] }],
  ['PUT', `${FUNCTION}/code`, { ImageUri: IMAGE, Architectures: ['arm64'], DryRun: true }],
  ['PUT', '/2019-09-25/functions/pay/event-invoke-config', { MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: TOPIC }, OnSuccess: {} } }],
  ['PUT', '/2017-10-31/functions/pay/concurrency', { ReservedConcurrentExecutions: 1 }],
  ['POST', `${FUNCTION}/policy`, { StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::b' }],
  ['POST', `${FUNCTION}/invocations`, { a: 1 }],
  ['POST', `/2017-03-31/tags/arn:aws:lambda:us-east-1:${ACCOUNT}:function:pay`, { Tags: { a: 'b' } }],
]; // prettier-ignore

function ofJson(
  service: string,
  prefix: string,
  version: string,
  operations: Readonly<Record<string, Json>>,
): WellFormed[] {
  return Object.entries(operations).map(([name, input]) => ({
    ...{ service, name, input, shape: 'json' },
    request: (body) => ({
      ...{ method: 'POST', path: '/', body },
      headers: {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${prefix}.${name}`,
      },
    }),
  }));
}

export const WELL_FORMED: readonly WellFormed[] = [
  ...ofJson('dynamodb', 'DynamoDB_20120810', '1.0', DYNAMODB),
  ...ofJson('logs', 'Logs_20140328', '1.1', LOGS),
  ...ofJson('sqs', 'AmazonSQS', '1.0', SQS),
  ...ofJson('monitoring', 'GraniteServiceVersion20100801', '1.0', CLOUDWATCH),
  ...Object.entries(CLOUDWATCH).map(([name, input]): WellFormed => ({
    ...{ service: 'monitoring', name, input, shape: 'cbor' },
    request: (body) => ({
      ...{ method: 'POST', body },
      path: `/service/GraniteServiceVersion20100801/operation/${name}`,
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    }),
  })),
  ...QUERY.map(([service, version, name, input]): WellFormed => ({
    ...{ service, name, shape: 'query', input: { Action: name, Version: version, ...input } },
    request: (body) => ({
      ...{ method: 'POST', path: '/', body },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  })),
  ...S3.map(([method, path, input, headers = {}]): WellFormed => ({
    ...{ service: 's3', name: `${method} ${path}`, input, shape: 'rest-xml' },
    request: (body) => ({ method, path, headers, body }),
  })),
  ...LAMBDA.map(([method, path, input]): WellFormed => ({
    ...{ service: 'lambda', name: `${method} ${path}`, input, shape: 'rest-json' },
    request: (body) => ({ method, path, headers: { 'x-amz-invocation-type': 'DryRun' }, body }),
  })),
];

/** The body of a call in its protocol. */
export function bodyOf({ shape }: WellFormed, input: Json | string): Buffer {
  if (typeof input === 'string') return Buffer.from(input);
  const text = JSON.stringify(input);
  if (shape === 'cbor') return Buffer.from(cbor.serialize(JSON.parse(text)));
  if (shape !== 'query') return Buffer.from(text);
  const fields = Object.entries(input).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Buffer.from(new URLSearchParams(fields as [string, string][]).toString());
}
