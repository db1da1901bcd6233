import {
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createDynamoDb,
  type DynamoDbOptions,
} from '../../../../src/local/aws/dynamodb/service.js';
import type { Service } from '../../../../src/local/aws/service.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aPayment, aPaymentsTable, aTable, until, untilActive } from './a-table.js';

const EAST = 'us-east-1';
const WEST = 'us-west-2';

/** Long enough to look before it is over, on a busy machine too. */
const LAG_MS = 500;

let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let east: DynamoDBClient;
let west: DynamoDBClient;

beforeEach(async () => {
  cloud = await aCloud();
  await serve();
});

afterEach(async () => {
  await stop();
  await removeCloud(cloud);
});

async function serve(options: DynamoDbOptions = {}): Promise<void> {
  service = await createDynamoDb(cloud, options);
  endpoint = await aServiceEndpoint(service);
  east = client(EAST);
  west = client(WEST);
}

async function stop(): Promise<void> {
  east.destroy();
  west.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
}

/** As after a kill: everything in memory is gone. */
async function restart(): Promise<void> {
  await stop();
  cloud = await aCloud({ directory: cloud.directory });
}

function client(region: string): DynamoDBClient {
  return new DynamoDBClient({
    region,
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

async function aGlobalTable(name = 'payments'): Promise<void> {
  await aTable(east, aPaymentsTable(name));
  await east.send(
    new UpdateTableCommand({ TableName: name, ReplicaUpdates: [{ Create: { RegionName: WEST } }] }),
  );
  await untilActive(east, name);
  await untilActive(west, name);
}

const put = (to: DynamoDBClient, id: string, amount?: string) =>
  to.send(new PutItemCommand({ TableName: 'payments', Item: aPayment(id, amount) }));

const Key = (id: string) => ({ transaction_id: { S: id }, timestamp: { N: '1700000000' } });

async function amountOf(from: DynamoDBClient, id: string): Promise<string | undefined> {
  const { Item } = await from.send(new GetItemCommand({ TableName: 'payments', Key: Key(id) }));
  return (Item?.amount as AttributeValue.SMember | undefined)?.S;
}

const untilAmount = (from: DynamoDBClient, id: string, amount: string) =>
  until(async () => ((await amountOf(from, id)) === amount ? amount : undefined));

describe('a global table', () => {
  test('is described in both regions, each naming the other', async () => {
    await aGlobalTable();
    for (const [at, other] of [
      [east, WEST],
      [west, EAST],
    ] as const) {
      const { Table } = await at.send(new DescribeTableCommand({ TableName: 'payments' }));
      expect(Table).toMatchObject({
        GlobalTableVersion: '2019.11.21',
        Replicas: [{ RegionName: other, ReplicaStatus: 'ACTIVE' }],
        GlobalSecondaryIndexes: [{ IndexName: 'status-index', IndexStatus: 'ACTIVE' }],
      });
    }
  });

  test('carries what was there before the replica, and every write after it, both ways', async () => {
    await aTable(east, aPaymentsTable('payments'));
    await put(east, 'before');
    await east.send(
      new UpdateTableCommand({
        TableName: 'payments',
        ReplicaUpdates: [{ Create: { RegionName: WEST } }],
      }),
    );
    await put(east, 'during');
    await untilActive(west, 'payments');
    await put(west, 'after');
    await untilAmount(west, 'before', '12.50');
    await untilAmount(west, 'during', '12.50');
    expect(await untilAmount(east, 'after', '12.50')).toBe('12.50');
    const indexed = await until(async () => {
      const { Count } = await west.send(
        new QueryCommand({
          TableName: 'payments',
          IndexName: 'status-index',
          KeyConditionExpression: '#s = :s',
          ExpressionAttributeNames: { '#s': 'status' },
          ExpressionAttributeValues: { ':s': { S: 'COMPLETED' } },
        }),
      );
      return Count === 3 ? Count : undefined;
    });
    expect(indexed).toBe(3);
  });

  test('keeps writes of both sides of a cut, and the later of two writes of one item', async () => {
    await aGlobalTable();
    cloud.network.cut(EAST, WEST);
    await put(east, 'only-east');
    await put(west, 'only-west');
    await put(east, 'both', '1');
    await put(west, 'both', '2');
    expect(await amountOf(west, 'only-east')).toBeUndefined();
    cloud.network.heal();
    await untilAmount(west, 'only-east', '12.50');
    await untilAmount(east, 'only-west', '12.50');
    await untilAmount(east, 'both', '2');
    expect(await amountOf(west, 'both')).toBe('2');
  });

  test('does not let an older write bring a deleted item back', async () => {
    await aGlobalTable();
    await put(east, 'deleted', '1');
    await untilAmount(west, 'deleted', '1');
    cloud.network.cut(EAST, WEST);
    await put(east, 'deleted', '2');
    await west.send(new DeleteItemCommand({ TableName: 'payments', Key: Key('deleted') }));
    await put(east, 'marker');
    cloud.network.heal();
    await untilAmount(west, 'marker', '12.50');
    expect(await amountOf(west, 'deleted')).toBeUndefined();
    await until(async () => ((await amountOf(east, 'deleted')) === undefined ? true : undefined));
  });

  test('pays after a restart what it owed before it', async () => {
    await aGlobalTable();
    cloud.network.cut(EAST, WEST);
    await put(east, 'owed');
    await restart();
    await serve();
    expect(await untilAmount(west, 'owed', '12.50')).toBe('12.50');
  });

  test('delays replication by the lag of the network, and publishes it in the source region', async () => {
    await aGlobalTable();
    cloud.network.lag = LAG_MS;
    await put(east, 'slow');
    expect(await amountOf(west, 'slow')).toBeUndefined();
    await untilAmount(west, 'slow', '12.50');
    const latency = cloud.recorded.filter(({ name }) => name === 'ReplicationLatency').at(-1);
    expect(latency).toMatchObject({
      region: EAST,
      dimensions: { TableName: 'payments', ReceivingRegion: WEST },
    });
    expect(latency?.value).toBeGreaterThanOrEqual(LAG_MS);
  });

  test("can be deleted where it came from at once, or after a day where AWS's rule is on", async () => {
    await aGlobalTable();
    await restart();
    await serve({ sourceTableHoldMs: 24 * 3_600_000 });
    const destroy = new DeleteTableCommand({ TableName: 'payments' });
    await expect(east.send(destroy)).rejects.toMatchObject({ name: 'ValidationException' });
    await restart();
    await serve();
    await expect(east.send(destroy)).resolves.toMatchObject({
      TableDescription: { TableStatus: 'DELETING' },
    });
    const { Replicas } = await untilActive(west, 'payments');
    expect(Replicas).toBeUndefined();
  });

  test('loses its replica, with the data there, when that is removed', async () => {
    await aGlobalTable();
    await east.send(
      new UpdateTableCommand({
        TableName: 'payments',
        ReplicaUpdates: [{ Delete: { RegionName: WEST } }],
      }),
    );
    const { Replicas } = await until(async () => {
      const { Table } = await east.send(new DescribeTableCommand({ TableName: 'payments' }));
      return Table?.TableStatus === 'ACTIVE' ? Table : undefined;
    });
    expect(Replicas).toBeUndefined();
    await expect(
      west.send(new DescribeTableCommand({ TableName: 'payments' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await east.send(
      new UpdateTableCommand({
        TableName: 'payments',
        ReplicaUpdates: [{ Create: { RegionName: WEST } }],
      }),
    );
    await expect(untilActive(east, 'payments')).resolves.toMatchObject({
      Replicas: [{ RegionName: WEST, ReplicaStatus: 'ACTIVE' }],
    });
  });
});

describe('a replica that is protected against deletion', () => {
  const protect = (DeletionProtectionEnabled: boolean) =>
    west.send(new UpdateTableCommand({ TableName: 'payments', DeletionProtectionEnabled }));
  const remove = () =>
    east.send(
      new UpdateTableCommand({
        TableName: 'payments',
        ReplicaUpdates: [{ Delete: { RegionName: WEST } }],
      }),
    );
  /** Each region tells only of its own update. */
  const untilActiveEverywhere = () =>
    Promise.all([east, west].map((client) => untilActive(client, 'payments')));

  test('is not removed, whatever the setting of the others, until its own is lifted', async () => {
    await aGlobalTable();
    await protect(true);
    await untilActiveEverywhere();
    await expect(remove()).rejects.toThrow('currently protected against deletion');
    await protect(false);
    await untilActiveEverywhere();
    await expect(remove()).resolves.toMatchObject({
      TableDescription: { TableStatus: 'UPDATING' },
    });
  });
});

describe('a replica that is added to a global table', () => {
  const THIRD = 'eu-west-1';

  const addThird = () =>
    east.send(
      new UpdateTableCommand({
        TableName: 'payments',
        ReplicaUpdates: [{ Create: { RegionName: THIRD } }],
      }),
    );

  test('gets what only a cut-off member has, when that can be reached', async () => {
    await aGlobalTable();
    cloud.network.cut(WEST, EAST);
    cloud.network.cut(WEST, THIRD);
    await put(west, 'only-west');
    await addThird();
    const third = client(THIRD);
    await until(() => third.send(new DescribeTableCommand({ TableName: 'payments' })));
    await put(west, 'later-west');
    cloud.network.heal();
    expect(await untilAmount(third, 'only-west', '12.50')).toBe('12.50');
    expect(await untilAmount(third, 'later-west', '12.50')).toBe('12.50');
    third.destroy();
  });

  test('does not get an item back that was deleted before it was there', async () => {
    await aGlobalTable();
    await put(east, 'deleted');
    await untilAmount(west, 'deleted', '12.50');
    cloud.network.cut(WEST, EAST);
    cloud.network.cut(WEST, THIRD);
    await east.send(new DeleteItemCommand({ TableName: 'payments', Key: Key('deleted') }));
    await addThird();
    await untilActive(east, 'payments');
    await put(west, 'marker');
    cloud.network.heal();
    const third = client(THIRD);
    await untilAmount(third, 'marker', '12.50');
    expect(await amountOf(third, 'deleted')).toBeUndefined();
    third.destroy();
  });
});
