import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { aClock, type ManualClock } from '../../../builders/a-clock.js';
import { anAws, policy, type AnAws } from '../an-aws.js';

const REGION = 'us-west-2';
const MINUTE_MS = 60_000;

describe('CloudWatch', () => {
  let clock: ManualClock;
  let aws: AnAws;
  let client: CloudWatchClient;
  let sns: SNSClient;

  beforeEach(async () => {
    // The SDK signs with the machine's time: the clock starts there, at the begin of a minute.
    clock = aClock(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
    aws = await anAws({ clock });
    client = new CloudWatchClient(aws.clientOptions(REGION));
    sns = new SNSClient(aws.clientOptions(REGION));
  });
  afterEach(async () => {
    client.destroy();
    sns.destroy();
    await aws.stop();
  });

  const put = (value: number, atMs = clock.now()) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: 'App',
        MetricData: [
          { MetricName: 'Errors', Value: value, Timestamp: new Date(atMs), Unit: 'Count' },
        ],
      }),
    );

  const anAlarm = (overrides: Partial<PutMetricAlarmCommandInput> = {}) =>
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'App',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      ...overrides,
    });

  const state = async (name = 'errors') => {
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms?.[0];
  };

  /** The mail that the subscriber of a topic has got, newest last. */
  async function mailOf(address: string): Promise<{ subject: string; body: string }[]> {
    const response = await fetch(`${aws.url}/_payments-dr/mail?to=${address}`);
    return (await response.json()) as { subject: string; body: string }[];
  }

  async function aTopic(name: string, topicPolicy?: (arn: string) => string): Promise<string> {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
    if (topicPolicy !== undefined) {
      const AttributeValue = topicPolicy(TopicArn);
      await sns.send(
        new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }),
      );
    }
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'oncall@example.org' }),
    );
    const link = /http:\S+/.exec((await mailOf('oncall@example.org')).at(-1)?.body ?? '')?.[0];
    await fetch(link ?? '');
    return TopicArn;
  }

  test('has of a metric what was put', async () => {
    await put(3);
    await put(5);
    await put(1, clock.now() - MINUTE_MS);
    const range = {
      StartTime: new Date(clock.now() - 5 * MINUTE_MS),
      EndTime: new Date(clock.now() + MINUTE_MS),
    };
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        ...range,
        Namespace: 'App',
        MetricName: 'Errors',
        Period: 60,
        Statistics: ['Sum', 'Average', 'Maximum', 'SampleCount'],
      }),
    );
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(clock.now() - MINUTE_MS),
        Sum: 1,
        Average: 1,
        Maximum: 1,
        SampleCount: 1,
        Unit: 'Count',
      },
      {
        Timestamp: new Date(clock.now()),
        Sum: 8,
        Average: 4,
        Maximum: 5,
        SampleCount: 2,
        Unit: 'Count',
      },
    ]);
    const data = await client.send(
      new GetMetricDataCommand({
        ...range,
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'm1',
            ReturnData: false,
            MetricStat: {
              Metric: { Namespace: 'App', MetricName: 'Errors' },
              Period: 60,
              Stat: 'Sum',
            },
          },
          { Id: 'twice', Expression: 'm1 * 2' },
        ],
      }),
    );
    expect(data.MetricDataResults).toMatchObject([{ Id: 'twice', Values: [2, 16] }]);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'App' }));
    expect(Metrics).toEqual([{ Namespace: 'App', MetricName: 'Errors', Dimensions: [] }]);
  });

  test('gives more datapoints than asked for at once on further pages', async () => {
    for (const [i, value] of [1, 2, 3].entries()) await put(value, clock.now() - i * MINUTE_MS);
    const stat = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat: 'Sum' },
    });
    const pages: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(clock.now() - 10 * MINUTE_MS),
          EndTime: new Date(clock.now() + MINUTE_MS),
          MetricDataQueries: [
            stat('one', 'Errors'),
            stat('none', 'Nothing'),
            stat('two', 'Errors'),
          ],
          MaxDatapoints: 2,
          NextToken,
        }),
      );
      pages.push(
        answer.MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]),
      );
      ({ NextToken } = answer);
    } while (NextToken !== undefined);
    expect(pages).toEqual([
      [
        ['one', [1, 2], 'PartialData'],
        ['none', [], 'Complete'],
      ],
      [
        ['one', [3], 'Complete'],
        ['two', [1], 'PartialData'],
      ],
      [['two', [2, 3], 'Complete']],
    ]);
  });

  test('alarms when the periods that ended are beyond the threshold, tells the topic, and recovers', async () => {
    const topic = await aTopic('oncall');
    await client.send(anAlarm({ AlarmActions: [topic], OKActions: [topic] }));
    await put(6);
    await clock.advance(MINUTE_MS);
    await put(7);
    await clock.advance(30_000);
    await expect(state()).resolves.toMatchObject({ StateValue: 'OK' });
    await clock.advance(40_000);
    const alarm = await state();
    expect(alarm?.StateValue).toBe('ALARM');
    expect(alarm?.StateReason).toMatch(
      /^Threshold Crossed: 2 out of the last 2 datapoints \[7\.0 \(.*\), 6\.0 \(.*\)\] were greater than the threshold \(5\.0\) \(minimum 2 datapoints for OK -> ALARM transition\)\.$/,
    );
    const [mail] = (await mailOf('oncall@example.org')).slice(-1);
    expect(mail?.subject).toBe('ALARM: "errors" in US West (Oregon)');
    expect(mail?.body).toContain('"OldStateValue":"OK"');

    await clock.advance(4 * MINUTE_MS);
    await expect(state()).resolves.toMatchObject({ StateValue: 'OK' });
    const { AlarmHistoryItems } = await client.send(
      new DescribeAlarmHistoryCommand({ HistoryItemType: 'StateUpdate' }),
    );
    expect(AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm updated from ALARM to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
    ]);
  });

  test('does not tell a topic whose policy does not let it, and says so in the history', async () => {
    const topic = await aTopic('closed', (arn) =>
      policy({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: arn,
      }),
    );
    await client.send(anAlarm({ AlarmActions: [topic] }));
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: 'errors',
        StateValue: 'ALARM',
        StateReason: 'a drill',
      }),
    );
    const { AlarmHistoryItems } = await client.send(
      new DescribeAlarmHistoryCommand({ HistoryItemType: 'Action' }),
    );
    expect(AlarmHistoryItems?.[0]?.HistorySummary).toContain('Failed to execute action');
    expect(
      (await mailOf('oncall@example.org')).filter(({ subject }) => subject.startsWith('ALARM')),
    ).toEqual([]);
  });

  test("keeps the state of an alarm on DynamoDB's metrics when data is missing, whatever the alarm says", async () => {
    const overrides = { Namespace: 'AWS/DynamoDB', TreatMissingData: 'breaching' };
    await client.send(anAlarm(overrides));
    await client.send(anAlarm({ AlarmName: 'other', TreatMissingData: 'breaching' }));
    await clock.advance(2 * MINUTE_MS);
    await expect(state('errors')).resolves.toMatchObject({ StateValue: 'INSUFFICIENT_DATA' });
    await expect(state('other')).resolves.toMatchObject({ StateValue: 'ALARM' });
  });

  test('evaluates no alarm of a region that is down', async () => {
    await client.send(anAlarm({ TreatMissingData: 'breaching' }));
    await aws.faults.takeDown(REGION);
    await clock.advance(3 * MINUTE_MS);
    await aws.faults.bringUp(REGION);
    await expect(state()).resolves.toMatchObject({ StateValue: 'INSUFFICIENT_DATA' });
  });

  test('has its alarms, their state and its metrics after a restart', async () => {
    await put(6);
    await client.send(anAlarm());
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: 'errors',
        StateValue: 'ALARM',
        StateReason: 'a drill',
      }),
    );
    await aws.close();
    aws = await anAws({ clock, stateDir: aws.stateDir });
    await expect(state()).resolves.toMatchObject({ StateValue: 'ALARM', StateReason: 'a drill' });
    const { Metrics } = await client.send(new ListMetricsCommand({}));
    expect(Metrics).toHaveLength(1);
  });

  test('takes alarms on metric math', async () => {
    const metric = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat: 'Sum' },
    });
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'errors',
        EvaluationPeriods: 1,
        Threshold: 10,
        ComparisonOperator: 'GreaterThanThreshold',
        Metrics: [
          metric('m1', 'Errors'),
          metric('m2', 'Others'),
          { Id: 'sum', Expression: 'FILL(m1, 0) + FILL(m2, 0)' },
        ],
      }),
    );
    await put(11);
    await clock.advance(70_000);
    await expect(state()).resolves.toMatchObject({ StateValue: 'ALARM' });
  });

  test.each([
    { sentence: 'a period of 61 seconds', overrides: { Period: 61 }, name: 'ValidationException' },
    {
      sentence: 'more than a day to look at',
      overrides: { Period: 300, EvaluationPeriods: 289 },
      name: 'ValidationException',
    },
    {
      sentence: 'more datapoints than periods',
      overrides: { DatapointsToAlarm: 3 },
      name: 'ValidationException',
    },
    {
      sentence: 'both a statistic and a percentile',
      overrides: { ExtendedStatistic: 'p99' },
      name: 'ValidationException',
    },
    {
      sentence: 'a topic of another region',
      overrides: { AlarmActions: ['arn:aws:sns:us-east-1:123456789012:t'] },
      name: 'ValidationException',
    },
    {
      sentence: 'an action that is no topic',
      overrides: { AlarmActions: ['arn:aws:lambda:us-west-2:123456789012:function:f'] },
      name: 'ValidationException',
    },
    {
      sentence: 'an expression that is none',
      overrides: {
        MetricName: undefined,
        Namespace: undefined,
        Statistic: undefined,
        Period: undefined,
        Metrics: [{ Id: 'e', Expression: 'm1 +' }],
      },
      name: 'ValidationException',
    },
    {
      sentence: 'an unknown treatment of missing data',
      overrides: { TreatMissingData: 'perhaps' },
      name: 'InvalidParameterValueException',
    },
  ])('refuses an alarm with $sentence', async ({ overrides, name }) => {
    await expect(
      client.send(anAlarm(overrides as Partial<PutMetricAlarmCommandInput>)),
    ).rejects.toMatchObject({ name });
  });

  test('refuses metrics in the names of AWS, unknown alarms and what it does not have', async () => {
    const data = { MetricData: [{ MetricName: 'Errors', Value: 1 }] };
    await expect(
      client.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', ...data })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(
      client.send(new DeleteAlarmsCommand({ AlarmNames: ['nobody'] })),
    ).rejects.toMatchObject({ name: 'ResourceNotFound' });
    await expect(client.send(new ListDashboardsCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
    });
  });

  describe('with composite alarms', () => {
    const compose = (AlarmName: string, AlarmRule: string, more: object = {}) =>
      client.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule, ...more }));
    const set = (AlarmName: string, StateValue: 'ALARM' | 'OK') =>
      client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'drill' }));
    const composite = async (name: string) => {
      const { CompositeAlarms } = await client.send(
        new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['CompositeAlarm'] }),
      );
      return CompositeAlarms?.[0];
    };

    test('one follows its children at once, through others, and tells its topic which they were', async () => {
      const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'both' }));
      const Endpoint = 'composite@example.org';
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
      const [invitation] = await mailOf(Endpoint);
      await fetch(/http:\S+/.exec(invitation?.body ?? '')?.[0] ?? '');
      await client.send(anAlarm({ AlarmName: 'one' }));
      await client.send(anAlarm({ AlarmName: 'two' }));
      await compose('both', 'ALARM(one) AND ALARM(two)');
      await compose('above', 'ALARM("both")', { AlarmActions: [TopicArn] });
      await expect(composite('above')).resolves.toMatchObject({
        StateValue: 'OK',
        AlarmRule: 'ALARM("both")',
        StateReason: expect.stringContaining('was created and its alarm rule evaluates to OK'),
      });

      await set('one', 'ALARM');
      await expect(composite('both')).resolves.toMatchObject({ StateValue: 'OK' });
      await set('two', 'ALARM');
      await expect(composite('above')).resolves.toMatchObject({
        StateValue: 'ALARM',
        StateReason: expect.stringMatching(/:alarm:both transitioned to ALARM at \w+day \d\d/),
      });
      const [, news] = await mailOf(Endpoint);
      expect(JSON.parse(/\{.*\}/.exec(news?.body ?? '')?.[0] ?? '')).toMatchObject({
        AlarmRule: 'ALARM("both")',
        TriggeringChildren: [
          { Arn: expect.stringMatching(/:alarm:both$/), State: { Value: 'ALARM' } },
        ],
      });
      await set('one', 'OK');
      await expect(composite('above')).resolves.toMatchObject({ StateValue: 'OK' });
    });

    test('a child stays as long as a parent looks at it', async () => {
      await client.send(anAlarm({ AlarmName: 'child' }));
      await compose('parent', 'ALARM(child)');
      const remove = (...AlarmNames: string[]) =>
        client.send(new DeleteAlarmsCommand({ AlarmNames }));
      await expect(remove('child')).rejects.toMatchObject({ name: 'ValidationException' });
      await remove('child', 'parent');
      await expect(state('child')).resolves.toBeUndefined();
    });

    test('in a cycle they come to rest', async () => {
      await client.send(anAlarm({ AlarmName: 'seed' }));
      await compose('a', 'ALARM(seed)');
      await compose('b', 'ALARM(a)');
      await compose('a', 'ALARM(seed) AND NOT ALARM(b)');
      await set('seed', 'ALARM');
      await expect(composite('b')).resolves.toMatchObject({ StateValue: 'ALARM' });
    });

    test.each([
      { sentence: 'looks at an alarm there is not', rule: 'ALARM(nobody)', name: 'c' },
      { sentence: 'has the name of a metric alarm', rule: 'ALARM(errors)', name: 'errors' },
      { sentence: 'has a rule that cannot be read', rule: 'ALARM(errors', name: 'c' },
    ])('one is refused that $sentence', async ({ name, rule }) => {
      await client.send(anAlarm());
      await expect(compose(name, rule)).rejects.toMatchObject({ name: 'ValidationException' });
    });
  });
});
