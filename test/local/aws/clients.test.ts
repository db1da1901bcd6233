/** The AWS CLI and boto3, unmodified, through the shared config file alone. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { testWith } from '../../builders/a-program.js';
import { anAws, policy, type AnAws } from './an-aws.js';

const run = promisify(execFile);
const SESSION = fileURLToPath(new URL('boto3/all_services.py', import.meta.url));
const HANDLER = resolve('dist/functions/payment-processor/index.mjs');
const withCli = testWith('aws', ['--version']);
const withBoto3 = testWith('python3', ['-c', 'import boto3']);
const TRUST = policy({
  Effect: 'Allow',
  Principal: { AWS: '123456789012' },
  Action: 'sts:AssumeRole',
});

describe('the local AWS', () => {
  let aws: AnAws;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    aws = await anAws({ bundle: HANDLER });
    const file = join(aws.stateDir, 'config');
    await writeFile(file, aws.awsConfig);
    env = {
      PATH: process.env.PATH,
      HOME: aws.stateDir,
      AWS_CONFIG_FILE: file,
      AWS_PROFILE: 'us-west-2',
      AWS_MAX_ATTEMPTS: '1',
    };
  });
  afterAll(() => aws.stop());

  const cli = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await run('aws', [...args, '--output', 'json'], { env });
    return stdout === '' ? undefined : JSON.parse(stdout);
  };

  withCli(
    'serves the AWS CLI',
    async () => {
      await expect(cli('sts', 'get-caller-identity')).resolves.toMatchObject({
        Account: '123456789012',
      });
      await cli('iam', 'create-role', '--role-name', 'cli', '--assume-role-policy-document', TRUST);
      await expect(cli('iam', 'get-role', '--role-name', 'cli')).resolves.toMatchObject({
        Role: { AssumeRolePolicyDocument: JSON.parse(TRUST) as object },
      });
      const topic = (await cli('sns', 'create-topic', '--name', 'cli')) as { TopicArn: string };
      await cli(
        'cloudwatch',
        'put-metric-alarm',
        '--alarm-name',
        'cli',
        '--namespace',
        'App',
        '--metric-name',
        'm',
        '--statistic',
        'Sum',
        '--period',
        '60',
        '--evaluation-periods',
        '1',
        '--threshold',
        '1',
        '--comparison-operator',
        'GreaterThanThreshold',
        '--alarm-actions',
        topic.TopicArn,
      );
      await expect(cli('cloudwatch', 'describe-alarms')).resolves.toMatchObject({
        MetricAlarms: [{ AlarmName: 'cli', Threshold: 1 }],
      });
      await expect(cli('kms', 'list-keys')).rejects.toThrow("The local AWS has no service 'kms'");
    },
    60_000,
  );

  withCli(
    'serves the AWS CLI where a person looks for what went wrong',
    async () => {
      const items = async () => {
        const table = ['--table-name', 'cli-table'];
        await cli(
          ...['dynamodb', 'create-table', ...table, '--billing-mode', 'PAY_PER_REQUEST'],
          ...['--attribute-definitions', 'AttributeName=id,AttributeType=S'],
          ...['--key-schema', 'AttributeName=id,KeyType=HASH'],
        );
        await cli('dynamodb', 'wait', 'table-exists', ...table);
        await cli('dynamodb', 'put-item', ...table, '--item', '{"id":{"S":"1"},"n":{"N":"1.50"}}');
        return cli('dynamodb', 'get-item', ...table, '--key', '{"id":{"S":"1"}}');
      };
      const messages = async () => {
        // Version 1 of the CLI calls a legacy address of SQS, whatever the profile says, unless told otherwise here.
        const sqs = ['--endpoint-url', aws.regionUrls.get('us-west-2') ?? '', 'sqs'];
        const { QueueUrl } = (await cli(...sqs, 'create-queue', '--queue-name', 'cli')) as {
          QueueUrl: string;
        };
        await cli(...sqs, 'send-message', '--queue-url', QueueUrl, '--message-body', 'hello');
        return cli(...sqs, 'receive-message', '--queue-url', QueueUrl);
      };
      const events = async () => {
        const group = ['--log-group-name', '/cli'];
        const stream = [...group, '--log-stream-name', 's'];
        await cli('logs', 'create-log-group', ...group);
        await cli('logs', 'create-log-stream', ...stream);
        const event = `timestamp=${Date.now()},message=ERROR`;
        await cli('logs', 'put-log-events', ...stream, '--log-events', event);
        return cli('logs', 'filter-log-events', ...group, '--filter-pattern', 'ERROR');
      };
      const answer = join(aws.stateDir, 'answer.json');
      await expect(
        cli('lambda', 'invoke', '--function-name', 'none', '--payload', '{}', answer),
      ).rejects.toThrow('(ResourceNotFoundException)');
      await expect(Promise.all([items(), messages(), events()])).resolves.toMatchObject([
        { Item: { id: { S: '1' }, n: { N: '1.5' } } },
        { Messages: [{ Body: 'hello' }] },
        { events: [{ message: 'ERROR', logStreamName: 's' }] },
      ]);
    },
    120_000,
  );

  withBoto3(
    'serves boto3 through all services, with the codes that it knows errors by',
    async () => {
      const { stdout } = await run('python3', ['-B', SESSION], { env });
      expect(JSON.parse(stdout)).toEqual({
        account: '123456789012',
        'bad version': 'InvalidArgument',
        paid: [200, null, 200],
        items: 1,
        audit: ['transactions/t1.json'],
        functions: 1,
        version: 'UnknownOperationException',
        report: true,
        retention: 14,
        insights: 'UnknownOperationException',
        published: 'by hand',
        filtered: ['ALARM', 'InvalidParameter'],
        simulated: [
          ['allowed', 1],
          ['implicitDeny', 0],
        ],
        roles: expect.any(Number) as unknown,
        'given up': ['RetriesExhausted', 't2'],
        told: ['any', 'ALARM', 'ALARM'],
        errors: 1,
        denied: {
          dynamodb: 'AccessDeniedException',
          s3: 'AccessDenied',
          lambda: 'AccessDeniedException',
          sns: 'AuthorizationError',
          sqs: 'AccessDenied',
          cloudwatch: 'AccessDenied',
          logs: 'AccessDeniedException',
          iam: 'AccessDenied',
        },
      });
    },
    60_000,
  );
  withBoto3('serves boto3, with errors it knows by their type', async () => {
    const script = `
import boto3, urllib.request
session = boto3.Session(profile_name='eu-central-1')
cloudwatch = session.client('cloudwatch')
cloudwatch.put_metric_data(Namespace='App', MetricData=[dict(MetricName='m', Values=[1.0, 2.5], Counts=[2, 1])])
assert cloudwatch.list_metrics(Namespace='App')['Metrics'][0]['MetricName'] == 'm'
try:
    cloudwatch.set_alarm_state(AlarmName='none', StateValue='OK', StateReason='x')
    raise SystemExit('no error')
except cloudwatch.exceptions.ResourceNotFound:
    pass
iam = session.client('iam')
try:
    iam.get_role(RoleName='none')
    raise SystemExit('no error')
except iam.exceptions.NoSuchEntityException:
    pass
s3 = session.client('s3')
s3.create_bucket(Bucket='boto3-bucket', CreateBucketConfiguration={'LocationConstraint': 'eu-central-1'})
url = s3.generate_presigned_url('put_object', Params=dict(Bucket='boto3-bucket', Key='a b/(c)'), ExpiresIn=60)
urllib.request.urlopen(urllib.request.Request(url, data=b'body', method='PUT'))
assert s3.get_object(Bucket='boto3-bucket', Key='a b/(c)')['Body'].read() == b'body'
`;
    await expect(run('python3', ['-c', script], { env })).resolves.toMatchObject({ stderr: '' });
  });
});
