import {
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock, type Clock } from '../../../../src/support/clock.js';
import { anAws, type AnAws } from '../an-aws.js';
import { aPayment, aPaymentsTable, aTable, until, untilActive } from '../dynamodb/a-table.js';

const EAST = 'us-east-1';
const WEST = 'us-west-2';
/** A kept-alive connection breaks, a new one is refused. */
const LOST = /ECONNREFUSED|socket hang up/;

let aws: AnAws;
let east: DynamoDBClient;
let west: DynamoDBClient;

beforeEach(async () => {
  aws = await anAws();
  east = new DynamoDBClient(aws.clientOptions(EAST));
  west = new DynamoDBClient(aws.clientOptions(WEST));
});

afterEach(async () => {
  east.destroy();
  west.destroy();
  await aws.stop();
});

const list = (client: DynamoDBClient) => client.send(new ListTablesCommand({}));
const put = (client: DynamoDBClient, id: string, amount?: string) =>
  client.send(new PutItemCommand({ TableName: 'payments', Item: aPayment(id, amount) }));
const amountOf = async (client: DynamoDBClient, id: string) => {
  const { transaction_id, timestamp } = aPayment(id);
  const Key = { transaction_id, timestamp } as Record<string, NonNullable<typeof timestamp>>;
  const { Item } = await client.send(new GetItemCommand({ TableName: 'payments', Key }));
  return Item?.amount?.S;
};

async function aGlobalTable(): Promise<void> {
  await aTable(east, aPaymentsTable('payments'));
  const ReplicaUpdates = [{ Create: { RegionName: WEST } }];
  await east.send(new UpdateTableCommand({ TableName: 'payments', ReplicaUpdates }));
  await untilActive(east, 'payments');
  await untilActive(west, 'payments');
}

describe('a region that is down', () => {
  test('refuses connections, and answers at the same address when it is up again', async () => {
    await aws.faults.takeDown(EAST);
    await expect(list(east)).rejects.toThrow(LOST);
    await aws.faults.bringUp(EAST);
    await expect(list(east)).resolves.toMatchObject({ TableNames: [] });
  });

  test('says 503 in the words of each service, and the other region answers', async () => {
    await aws.faults.takeDown(EAST, '503');
    await expect(list(east)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      $metadata: { httpStatusCode: 503 },
    });
    await expect(list(west)).resolves.toMatchObject({ TableNames: [] });
  });

  test('leaves calls without an answer while it hangs, and drops them when it comes back', async () => {
    await aws.faults.takeDown(EAST, 'hang');
    const hanging = list(east).then(
      () => 'answered',
      () => 'dropped',
    );
    // A later call elsewhere is answered, at the one address of all regions too: the other still waits.
    const other = new DynamoDBClient({ ...aws.clientOptions(WEST), endpoint: aws.url });
    await list(other);
    other.destroy();
    expect(await Promise.race([hanging, Promise.resolve('waiting')])).toBe('waiting');
    await aws.faults.bringUp(EAST);
    expect(await hanging).toBe('dropped');
    await expect(list(east)).resolves.toBeDefined();
  });

  test('changes its manner while it is down', async () => {
    await aws.faults.takeDown(EAST);
    await aws.faults.takeDown(EAST, '503');
    await expect(list(east)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    await aws.faults.takeDown(EAST, 'refuse');
    await expect(list(east)).rejects.toThrow(LOST);
  });
});

describe('a lost response', () => {
  test('is lost after the write happened', async () => {
    await aTable(east, aPaymentsTable('payments'));
    aws.faults.inject({ kind: 'loseResponse', region: EAST, service: 'dynamodb' });
    await expect(put(east, 'tx-1')).rejects.toThrow('socket hang up');
    aws.faults.withdraw({ kind: 'loseResponse', region: EAST, service: 'dynamodb' });
    await expect(amountOf(east, 'tx-1')).resolves.toBe('12.50');
  });
});

describe('a slow region', () => {
  test('answers, but not before its time', async () => {
    aws.faults.inject({ kind: 'slow', region: EAST, withinMs: 60 });
    const beganMs = performance.now();
    await list(east);
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(59);
  });

  test('that is lost meanwhile does not do the work', async () => {
    const slowMs = 777;
    let waits = () => undefined as unknown;
    const isWaiting = new Promise((resolve) => (waits = () => resolve(undefined)));
    let isOver = () => undefined as unknown;
    const over = new Promise<void>((resolve) => (isOver = () => resolve()));
    const sleep: Clock['sleep'] = (ms, signal) => {
      if (ms !== slowMs) return systemClock.sleep(ms, signal);
      waits();
      return over;
    };
    const slow = await anAws({ clock: { ...systemClock, sleep } });
    const client = new DynamoDBClient(slow.clientOptions(EAST));
    await aTable(client, aPaymentsTable('payments'));
    slow.faults.inject({ kind: 'slow', region: EAST, service: 'dynamodb', withinMs: slowMs });
    const outcome = put(client, 'tx-1').then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    await isWaiting;
    await slow.faults.takeDown(EAST);
    expect(await outcome).toMatch(LOST);
    isOver();
    await slow.faults.healAll();
    await put(client, 'tx-2');
    await expect(amountOf(client, 'tx-1')).resolves.toBeUndefined();
    client.destroy();
    await slow.stop();
  });
});

describe('a throttled table', () => {
  test('refuses items and does nothing, while the same table in the other region works', async () => {
    await aGlobalTable();
    aws.faults.inject({ kind: 'throttle', region: EAST, resource: 'payments' });
    await expect(put(east, 'tx-1')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await put(west, 'tx-2');
    await expect(list(east)).resolves.toMatchObject({ TableNames: ['payments'] });
    aws.faults.withdraw({ kind: 'throttle', region: EAST, resource: 'payments' });
    await expect(amountOf(east, 'tx-1')).resolves.toBeUndefined();
  });

  test('says that its provisioned capacity is exceeded where it has one', async () => {
    await aTable(east, {
      ...aPaymentsTable('payments'),
      GlobalSecondaryIndexes: undefined,
      AttributeDefinitions: aPaymentsTable('payments').AttributeDefinitions?.slice(0, 2),
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    });
    aws.faults.inject({ kind: 'throttle', region: EAST, service: 'dynamodb' });
    await expect(put(east, 'tx-1')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });
});

describe('a throttled bucket', () => {
  test('says SlowDown and keeps nothing, while another bucket of the region takes objects', async () => {
    const s3 = new S3Client({ ...aws.clientOptions(EAST), forcePathStyle: true, maxAttempts: 1 });
    const putInto = (Bucket: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'tx-1', Body: '{}' }));
    for (const Bucket of ['audit', 'other']) await s3.send(new CreateBucketCommand({ Bucket }));
    aws.faults.inject({ kind: 'throttle', region: EAST, service: 's3', resource: 'audit' });
    await expect(putInto('audit')).rejects.toMatchObject({
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
    });
    await putInto('other');
    await aws.faults.healAll();
    const head = s3.send(new HeadObjectCommand({ Bucket: 'audit', Key: 'tx-1' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    s3.destroy();
  });
});

describe('replication that is paused', () => {
  test('stands still one way only, and goes on when it is resumed', async () => {
    await aGlobalTable();
    aws.faults.pause(EAST, WEST);
    await put(east, 'tx-east');
    await put(west, 'tx-west');
    await until(() => amountOf(east, 'tx-west'));
    await expect(amountOf(west, 'tx-east')).resolves.toBeUndefined();
    aws.faults.resume(EAST, WEST);
    await expect(until(() => amountOf(west, 'tx-east'))).resolves.toBe('12.50');
  });
});

describe('a clock that is wrong', () => {
  test('ahead, lets an earlier write win over a later one of the other region', async () => {
    await aGlobalTable();
    aws.faults.partition(EAST, WEST);
    aws.faults.skew(EAST, 60_000);
    await put(east, 'tx-1', 'earlier');
    await put(west, 'tx-1', 'later');
    await put(west, 'tx-2', 'marker');
    aws.faults.heal(EAST, WEST);
    await until(() => amountOf(east, 'tx-2'));
    await expect(amountOf(east, 'tx-1')).resolves.toBe('earlier');
    await expect(
      until(async () => ((await amountOf(west, 'tx-1')) === 'earlier' ? 'earlier' : undefined)),
    ).resolves.toBe('earlier');
  });

  test('dates objects', async () => {
    const s3 = new S3Client({ ...aws.clientOptions(EAST), forcePathStyle: true });
    const object = { Bucket: 'audit', Key: 'tx-1' };
    await s3.send(new CreateBucketCommand({ Bucket: 'audit' }));
    aws.faults.skew(EAST, -120_000);
    await s3.send(new PutObjectCommand({ ...object, Body: '{}' }));
    const { LastModified } = await s3.send(new HeadObjectCommand(object));
    s3.destroy();
    expect(Date.now() - (LastModified?.getTime() ?? 0)).toBeGreaterThanOrEqual(119_000);
  });

  test('refuses signatures when it is far off, as AWS does', async () => {
    aws.faults.skew(EAST, 20 * 60_000);
    const s3 = new S3Client({ ...aws.clientOptions(EAST), forcePathStyle: true });
    const refused = s3.send(new GetObjectCommand({ Bucket: 'audit', Key: 'tx-1' }));
    await expect(refused).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' });
    s3.destroy();
  });
});
