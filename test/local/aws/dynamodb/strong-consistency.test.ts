import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createDynamoDb } from '../../../../src/local/aws/dynamodb/service.js';
import type { Service } from '../../../../src/local/aws/service.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aPayment, aPaymentsTable, aTable, untilActive } from './a-table.js';

const EAST = 'us-east-1';
const WEST = 'us-west-2';
const WITNESS = 'us-east-2';

let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let east: DynamoDBClient;
let west: DynamoDBClient;

beforeEach(async () => {
  cloud = await aCloud();
  service = await createDynamoDb(cloud);
  endpoint = await aServiceEndpoint(service);
  east = client(EAST);
  west = client(WEST);
});

afterEach(async () => {
  east.destroy();
  west.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
  await removeCloud(cloud);
});

function client(region: string): DynamoDBClient {
  return new DynamoDBClient({
    region,
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

const withWitness: Omit<UpdateTableCommandInput, 'TableName'> = {
  MultiRegionConsistency: 'STRONG',
  ReplicaUpdates: [{ Create: { RegionName: WEST } }],
  GlobalTableWitnessUpdates: [{ Create: { RegionName: WITNESS } }],
};

const update = (input: Omit<UpdateTableCommandInput, 'TableName'>) =>
  east.send(new UpdateTableCommand({ TableName: 'payments', ...input }));

async function aStrongTable(): Promise<void> {
  await aTable(east, aPaymentsTable('payments'));
  await update(withWitness);
  await untilActive(east, 'payments');
  await untilActive(west, 'payments');
}

const put = (to: DynamoDBClient, id: string, amount?: string) =>
  to.send(
    new PutItemCommand({
      TableName: 'payments',
      Item: aPayment(id, amount),
      ConditionExpression: 'attribute_not_exists(transaction_id)',
    }),
  );

const read = async (from: DynamoDBClient, id: string, ConsistentRead = true) => {
  const { Item } = await from.send(
    new GetItemCommand({
      TableName: 'payments',
      Key: { transaction_id: { S: id }, timestamp: { N: '1700000000' } },
      ConsistentRead,
    }),
  );
  return Item?.amount?.S;
};

describe('a table in strong mode', () => {
  test('says so, and names its witness', async () => {
    await aStrongTable();
    const { Table } = await west.send(new DescribeTableCommand({ TableName: 'payments' }));
    expect(Table).toMatchObject({
      MultiRegionConsistency: 'STRONG',
      Replicas: [{ RegionName: EAST, ReplicaStatus: 'ACTIVE' }],
      GlobalTableWitnesses: [{ RegionName: WITNESS, WitnessStatus: 'ACTIVE' }],
    });
  });

  test('has every acknowledged write in all replicas at once, whatever the lag', async () => {
    await aStrongTable();
    cloud.network.lag = 20;
    await put(east, 'now');
    expect(await read(west, 'now', false)).toBe('12.50');
  });

  test('takes one of two puts of one payment, in whichever regions', async () => {
    await aStrongTable();
    cloud.network.cut(EAST, WEST);
    await put(east, 'once', '1');
    await expect(put(west, 'once', '2')).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    expect(await read(west, 'once')).toBe('1');
  });

  test('refuses one of two regions that write an item at the same time, and both may try again', async () => {
    await aStrongTable();
    cloud.network.lag = 30;
    const results = await Promise.allSettled([put(east, 'raced'), put(west, 'raced')]);
    const names = results.map((result) =>
      result.status === 'fulfilled' ? 'written' : (result.reason as Error).name,
    );
    expect(names.sort()).toEqual(['ReplicatedWriteConflictException', 'written']);
  });

  test('goes on with two of three regions, and the third has everything when it is back', async () => {
    await aStrongTable();
    cloud.network.cut(EAST, WEST);
    cloud.network.cut(WEST, WITNESS);
    await put(east, 'majority');
    await expect(put(west, 'minority')).rejects.toMatchObject({ name: 'InternalServerError' });
    await expect(read(west, 'majority')).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(await read(west, 'majority', false)).toBeUndefined();
    cloud.network.heal();
    expect(await read(west, 'majority')).toBe('12.50');
  });

  test('finds by way of the witness what a lost region acknowledged before it was lost', async () => {
    await aStrongTable();
    cloud.network.cut(WEST, EAST);
    cloud.network.cut(WEST, WITNESS);
    await put(east, 'acknowledged');
    cloud.network.heal();
    cloud.network.cut(EAST, WEST);
    cloud.network.cut(EAST, WITNESS);
    expect(await read(west, 'acknowledged')).toBe('12.50');
  });

  test('has no transactions and no time to live', async () => {
    await aStrongTable();
    await expect(
      east.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName: 'payments', Item: aPayment('t') } }],
        }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      east.send(
        new UpdateTimeToLiveCommand({
          TableName: 'payments',
          TimeToLiveSpecification: { AttributeName: 'e', Enabled: true },
        }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('loses its replica and its witness together or not at all', async () => {
    await aStrongTable();
    const replica = { ReplicaUpdates: [{ Delete: { RegionName: WEST } }] };
    const witness = { GlobalTableWitnessUpdates: [{ Delete: { RegionName: WITNESS } }] };
    await expect(update(replica)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(update(witness)).rejects.toMatchObject({ name: 'ValidationException' });
    await update({ ...replica, ...witness });
    const table = await untilActive(east, 'payments');
    expect(table.Replicas).toBeUndefined();
    await put(east, 'alone');
    expect(await read(east, 'alone')).toBe('12.50');
  });
});

describe('a table becomes strong', () => {
  test('only while it is empty', async () => {
    await aTable(east, aPaymentsTable('payments'));
    await put(east, 'there');
    await expect(update(withWitness)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each([
    {
      sentence: 'with a single other region',
      input: { ...withWitness, GlobalTableWitnessUpdates: undefined },
    },
    {
      sentence: 'with a witness where a replica is',
      input: { ...withWitness, GlobalTableWitnessUpdates: [{ Create: { RegionName: WEST } }] },
    },
    {
      sentence: 'with a witness but without saying STRONG',
      input: { ...withWitness, MultiRegionConsistency: undefined },
    },
  ])('never $sentence', async ({ input }) => {
    await aTable(east, aPaymentsTable('payments'));
    await expect(update(input)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('not after it is global in eventual mode', async () => {
    await aTable(east, aPaymentsTable('payments'));
    await update({ ReplicaUpdates: [{ Create: { RegionName: WEST } }] });
    await untilActive(east, 'payments');
    await expect(
      update({
        MultiRegionConsistency: 'STRONG',
        ReplicaUpdates: [{ Create: { RegionName: WITNESS } }],
      }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
