/** Each alarm of a claim, as the Composition renders it, goes off from its real cause, tells a person, and recovers. */
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { awsNames } from '../../src/model/names.js';
import { otherSite, SITES, type Site } from '../../src/model/regions.js';
import type { ManualClock } from '../builders/a-clock.js';
import { aWatchedAws, MINUTE_MS, type AWatchedAws } from '../local/aws/a-watched-aws.js';
import type { AnAws } from '../local/aws/an-aws.js';
import { composeInto } from './a-composed-aws.js';

const REGIONS = { primary: 'us-east-1', secondary: 'us-west-2' } as const;
const NAMES = awsNames({ environmentSuffix: 'dev' });

let watched: AWatchedAws;
let aws: AnAws;
let clock: ManualClock;
let mail: AWatchedAws['mail'];
let payments = 0;

beforeAll(async () => {
  watched = await aWatchedAws();
  ({ aws, clock, mail } = watched);
  const asynchronous = { retryAttempts: 0, maximumEventAgeSeconds: 60 };
  const image = { registryId: '123456789012', repository: 'payment-processor', tag: '1.4.2' };
  // Less patient than by default, so that less time has to pass.
  const soon = { periodSeconds: 60, evaluationPeriods: 2 };
  const alarms = {
    tableThrottles: soon,
    tableReplicationLatency: soon,
    auditReplicationLatency: { thresholdSeconds: 120, ...soon },
    auditReplicationFailures: { ...soon, evaluationPeriods: 1 },
  };
  await composeInto(aws, clock, { handler: { image, asynchronous }, alarms });
  await watched.confirmSubscriptions();
}, 120_000);

afterAll(() => watched.stop());

/** One client for each call: the first answer takes a client back to the time of the machine. */
async function withClient<C extends { destroy(): void }, T>(
  Client: new (options: object) => C,
  site: Site,
  work: (client: C) => Promise<T>,
): Promise<T> {
  const client = new Client({
    ...watched.clientOptions(REGIONS[site]),
    forcePathStyle: true,
  });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

const invoke = (site: Site, event: object, InvocationType: 'Event' | 'RequestResponse') =>
  withClient(LambdaClient, site, (lambda) =>
    lambda.send(
      new InvokeCommand({
        FunctionName: NAMES.function[site],
        Payload: JSON.stringify(event),
        InvocationType,
      }),
    ),
  );

const putRecord = (site: Site) => {
  payments += 1;
  const Item = { transaction_id: { S: `tx-${payments}` }, timestamp: { N: '0' } };
  return withClient(DynamoDBClient, site, (dynamodb) =>
    dynamodb.send(new PutItemCommand({ TableName: NAMES.table, Item })),
  );
};

const putObject = (site: Site) => {
  payments += 1;
  const Key = `transactions/tx-${payments}.json`;
  return withClient(S3Client, site, (s3) =>
    s3.send(new PutObjectCommand({ Bucket: NAMES.bucket[site], Key, Body: '{}' })),
  );
};

/** Takes a role's rights away. Resolves with the way to give them back. */
async function withoutRights(RoleName: string): Promise<() => Promise<unknown>> {
  const policy = { RoleName, PolicyName: RoleName };
  const found = await withClient(IAMClient, 'primary', (iam) =>
    iam.send(new GetRolePolicyCommand(policy)),
  );
  await withClient(IAMClient, 'primary', (iam) => iam.send(new DeleteRolePolicyCommand(policy)));
  const PolicyDocument = decodeURIComponent(found.PolicyDocument ?? '');
  return () =>
    withClient(IAMClient, 'primary', (iam) =>
      iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument })),
    );
}

async function stateOf(alarm: string, site: Site): Promise<string | undefined> {
  const { MetricAlarms } = await withClient(CloudWatchClient, site, (cloudwatch) =>
    cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] })),
  );
  return MetricAlarms?.[0]?.StateValue;
}

interface Cause {
  readonly alarm: Record<Site, string>;
  readonly sentence: string;
  /** Brings the cause about. Resolves with what takes it away. */
  readonly begin: (site: Site) => Promise<() => unknown>;
  /** What happens every minute, before and after. */
  readonly eachMinute: (site: Site, isOver: boolean) => Promise<unknown>;
}

const nothing = () => Promise.resolve(() => undefined);
const times = async (count: number, work: () => Promise<unknown>) => {
  for (let i = 0; i < count; i += 1) await work();
};

const CAUSES: readonly Cause[] = [
  {
    sentence: 'the function fails at payments',
    alarm: NAMES.functionErrorsAlarm,
    begin: nothing,
    eachMinute: (site, isOver) =>
      isOver
        ? invoke(site, {}, 'RequestResponse')
        : times(6, () => invoke(site, { fail: true }, 'RequestResponse')),
  },
  {
    sentence: 'a payment is given up and nobody can be told',
    alarm: NAMES.undeliveredFailuresAlarm,
    begin: () => withoutRights(NAMES.functionRole),
    eachMinute: (site, isOver) =>
      isOver ? Promise.resolve() : invoke(site, { fail: true }, 'Event'),
  },
  {
    sentence: 'the table throttles',
    alarm: NAMES.tableThrottlesAlarm,
    begin: (site) => {
      const place = { kind: 'throttle', region: REGIONS[site], resource: NAMES.table } as const;
      aws.faults.inject(place);
      return Promise.resolve(() => aws.faults.withdraw(place));
    },
    eachMinute: (site, isOver) =>
      isOver ? Promise.resolve() : times(11, () => putRecord(site).catch(() => undefined)),
  },
  {
    sentence: 'records reach the other region late',
    alarm: NAMES.tableReplicationLatencyAlarm,
    begin: (site) => {
      const way = [REGIONS[site], REGIONS[otherSite(site)]] as const;
      aws.faults.setLag(...way, MINUTE_MS);
      return Promise.resolve(() => aws.faults.setLag(...way, 50));
    },
    eachMinute: putRecord,
  },
  {
    sentence: 'audit objects of the other region do not arrive',
    alarm: NAMES.auditReplicationLatencyAlarm,
    begin: (site) => {
      const way = [REGIONS[otherSite(site)], REGIONS[site]] as const;
      aws.faults.pause(...way);
      return Promise.resolve(() => aws.faults.resume(...way));
    },
    eachMinute: (site) => putObject(otherSite(site)),
  },
  {
    sentence: 'audit objects may not be copied',
    alarm: NAMES.auditReplicationFailuresAlarm,
    begin: () => withoutRights(NAMES.replicationRole),
    eachMinute: putObject,
  },
];

describe.each(SITES)('in the %s region the alarm goes off and recovers when', (site) => {
  test.each(CAUSES)(
    '$sentence',
    async ({ alarm, begin, eachMinute }) => {
      const name = alarm[site];
      const becomes = async (state: string, isOver: boolean) => {
        for (let minutes = 0; minutes < 20; minutes += 1) {
          if ((await stateOf(name, site)) === state) break;
          await eachMinute(site, isOver);
          await clock.advance(MINUTE_MS);
        }
        expect(await stateOf(name, site)).toBe(state);
      };
      const end = await begin(site);
      await becomes('ALARM', false);
      await end();
      await becomes('OK', true);
      const told = (await mail()).map(({ subject }) => subject);
      expect(told.filter((subject) => subject.startsWith(`ALARM: "${name}"`))).toHaveLength(1);
    },
    60_000,
  );
});

describe('a payment that was sent without waiting and is given up', () => {
  test.each(SITES)('is told to the person on call, with the payment in it: %s', async (site) => {
    const payment = { fail: true, transaction_id: `given-up-in-${site}` };
    await invoke(site, payment, 'Event');
    const find = async () =>
      (await mail()).find(({ text }) => text.includes(payment.transaction_id));
    while ((await find()) === undefined) await clock.advance(1000);
    expect((await find())?.text).toContain('RetriesExhausted');
  });
});
