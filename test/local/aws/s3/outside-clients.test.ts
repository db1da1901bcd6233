/** DynamoDB and S3 through the gateway, with clients that nobody here wrote. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { outputOf, testWith } from '../../../builders/a-program.js';
import { anAwsServer, type TestAwsServer } from '../../../builders/an-aws-server.js';

const SESSION = fileURLToPath(new URL('../boto3/two_regions.py', import.meta.url));

let aws: TestAwsServer;

beforeAll(async () => {
  aws = await anAwsServer();
});

afterAll(async () => {
  await aws.close();
});

describe('boto3', () => {
  testWith('python3', ['-c', 'import boto3'])(
    'walks through tables and buckets of two regions, under real permissions',
    async () => {
      const seen: unknown = JSON.parse(await outputOf('python3', ['-B', SESSION], aws.environment));
      expect(seen).toEqual({
        item: { amount: '12.50', count: 2 },
        'second put': 'ConditionalCheckFailedException',
        'without ReplicateObject': 'FAILED',
        'with ReplicateObject': 'COMPLETED',
        replica: { body: 'audit', status: 'REPLICA' },
        'big comes back': true,
        'buckets left': ['audit-west'],
      });
    },
  );
});

describe('the AWS CLI', () => {
  const withCli = testWith('aws', ['--version']);
  const cli = (profile: string, ...args: string[]) =>
    outputOf('aws', ['--profile', profile, '--output', 'json', ...args], {
      ...aws.environment,
      AWS_MAX_ATTEMPTS: '1',
    });

  withCli('makes a bucket, copies to it and lists it', async () => {
    await cli('us-west-2', 's3', 'mb', 's3://by-cli');
    await cli('us-west-2', 's3', 'cp', SESSION, 's3://by-cli/scripts/session.py');
    const listed = await cli('us-west-2', 's3', 'ls', 's3://by-cli', '--recursive');
    expect(listed).toMatch(/ scripts\/session\.py\n$/);
  });

  withCli('finds a bucket of another region, as AWS sends it on', async () => {
    await cli('us-west-2', 's3', 'mb', 's3://in-the-west');
    await cli('us-west-2', 's3', 'cp', SESSION, 's3://in-the-west/session.py');
    const listed = await cli('us-east-1', 's3', 'ls', 's3://in-the-west');
    expect(listed).toMatch(/ session\.py\n$/);
    await aws.faults.takeDown('us-west-2', '503');
    await expect(cli('us-east-1', 's3', 'cp', 's3://in-the-west/session.py', '-')).rejects.toThrow(
      /503/,
    );
    await aws.faults.bringUp('us-west-2');
  });

  withCli('is told by DynamoDB what is wrong in the words of AWS', async () => {
    const describeTable = ['dynamodb', 'describe-table', '--table-name', 'nowhere'];
    await expect(cli('us-east-1', ...describeTable)).rejects.toThrow(
      /\(ResourceNotFoundException\) when calling the DescribeTable operation: Requested resource not found: Table: nowhere not found/,
    );
  });
});
