import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ManualClock } from '../../builders/a-clock.js';
import { ADDRESS, aWatchedAws, MINUTE_MS, type AWatchedAws } from './a-watched-aws.js';
import { policy, type AnAws } from './an-aws.js';
import { aPayment, aPaymentsTable, aTable, until } from './dynamodb/a-table.js';

const REGION = 'us-west-2';

let watched: AWatchedAws;
let aws: AnAws;
let clock: ManualClock;
let mail: AWatchedAws['mail'];
let topic: string;

beforeEach(async () => {
  watched = await aWatchedAws();
  ({ aws, clock, mail } = watched);
  const { TopicArn = '' } = await sns().send(new CreateTopicCommand({ Name: 'notifications' }));
  topic = TopicArn;
  const email = { TopicArn, Protocol: 'email', Endpoint: ADDRESS };
  await sns().send(new SubscribeCommand(email));
  await watched.confirmSubscriptions();
});

afterEach(() => watched.stop());

const options = () => watched.clientOptions(REGION);
const sns = () => new SNSClient(options());
const lambda = () => new LambdaClient(options());
const dynamodb = () => new DynamoDBClient(options());

async function anAlarm(alarm: Partial<PutMetricAlarmCommandInput>): Promise<void> {
  await new CloudWatchClient(options()).send(
    new PutMetricAlarmCommand({
      AlarmName: 'alarm',
      EvaluationPeriods: 2,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
      OKActions: [topic],
      Threshold: undefined,
      ...alarm,
    }),
  );
}

async function stateOfAlarm(): Promise<string | undefined> {
  const { MetricAlarms } = await new CloudWatchClient(options()).send(
    new DescribeAlarmsCommand({}),
  );
  return MetricAlarms?.[0]?.StateValue;
}

async function aFunction(): Promise<void> {
  const iam = new IAMClient(options());
  const AssumeRolePolicyDocument = policy({
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  });
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'pay', AssumeRolePolicyDocument }),
  );
  const ImageUri = `123456789012.dkr.ecr.${REGION}.amazonaws.com/payment-processor:1`;
  const settings = { FunctionName: 'pay', PackageType: 'Image', Role: Role?.Arn } as const;
  await lambda().send(new CreateFunctionCommand({ ...settings, Code: { ImageUri } }));
  await clock.advance(MINUTE_MS);
}

async function pay(times: number, fail: boolean, InvocationType?: 'Event'): Promise<void> {
  const client = lambda();
  const Payload = JSON.stringify({ fail });
  for (let i = 0; i < times; i += 1) {
    await client.send(new InvokeCommand({ FunctionName: 'pay', Payload, InvocationType }));
  }
  client.destroy();
}

describe('an alarm on its real cause', () => {
  test('hears of a function that fails, tells the mailbox, and recovers', async () => {
    await aFunction();
    await anAlarm({
      ...{ Namespace: 'AWS/Lambda', MetricName: 'Errors', Statistic: 'Sum' },
      ...{ Dimensions: [{ Name: 'FunctionName', Value: 'pay' }], Period: 60, Threshold: 5 },
    });
    for (const _ of [1, 2]) {
      await pay(6, true);
      await clock.advance(MINUTE_MS);
    }
    await clock.advance(30_000);
    await expect(stateOfAlarm()).resolves.toBe('ALARM');
    await clock.advance(5 * MINUTE_MS);
    await expect(stateOfAlarm()).resolves.toBe('OK');
    const subjects = (await mail()).map(({ subject }) => subject.split(':')[0]);
    expect(subjects.slice(-2)).toEqual(['ALARM', 'OK']);
  });

  test('hears of a table that is throttled, and recovers', async () => {
    const made = aTable(dynamodb(), aPaymentsTable('payments'));
    await clock.advance(MINUTE_MS);
    await made;
    const metric = (Id: string, MetricName: string) => {
      const Dimensions = [{ Name: 'TableName', Value: 'payments' }];
      const Metric = { Namespace: 'AWS/DynamoDB', MetricName, Dimensions };
      return { Id, MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false };
    };
    await anAlarm({
      Threshold: 10,
      Metrics: [
        { Id: 'throttled', Expression: 'FILL(reads, 0) + FILL(writes, 0)', ReturnData: true },
        metric('reads', 'ReadThrottleEvents'),
        metric('writes', 'WriteThrottleEvents'),
      ],
    });
    aws.faults.inject({ kind: 'throttle', region: REGION, resource: 'payments' });
    for (const _ of [1, 2]) {
      for (let i = 0; i < 11; i += 1) {
        const put = new PutItemCommand({ TableName: 'payments', Item: aPayment(`tx-${i}`) });
        await expect(dynamodb().send(put)).rejects.toThrow('Throughput exceeds');
      }
      await clock.advance(MINUTE_MS);
    }
    await clock.advance(30_000);
    await expect(stateOfAlarm()).resolves.toBe('ALARM');
    await aws.faults.healAll();
    await clock.advance(5 * MINUTE_MS);
    await expect(stateOfAlarm()).resolves.toBe('OK');
    const subjects = (await mail()).map(({ subject }) => subject.split(':')[0]);
    expect(subjects.slice(-2)).toEqual(['ALARM', 'OK']);
  });
});

describe('an asynchronous event that is given up', () => {
  const configure = () =>
    lambda().send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'pay',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: topic } },
      }),
    );

  test('goes to the topic under the rights of the function', async () => {
    await aFunction();
    await expect(configure()).rejects.toThrow('does not have permissions to call Publish');
    const PolicyDocument = policy({ Effect: 'Allow', Action: 'sns:Publish', Resource: topic });
    await new IAMClient(options()).send(
      new PutRolePolicyCommand({ RoleName: 'pay', PolicyName: 'tell', PolicyDocument }),
    );
    await expect(configure()).resolves.toMatchObject({
      DestinationConfig: { OnFailure: { Destination: topic } },
    });
    await pay(1, true, 'Event');
    const told = await until(async () =>
      (await mail()).find(({ text }) => text.includes('RetriesExhausted')),
    );
    expect(told.text).toContain('requestPayload');
  });
});
