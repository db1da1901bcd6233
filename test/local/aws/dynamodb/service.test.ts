import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDynamoDb } from '../../../../src/local/aws/dynamodb/service.js';
import type { Service } from '../../../../src/local/aws/service.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aPayment, aPaymentsTable, aTable, until, untilActive } from './a-table.js';

let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let east: DynamoDBClient;

beforeAll(async () => {
  cloud = await aCloud();
  service = await createDynamoDb(cloud);
  endpoint = await aServiceEndpoint(service);
  east = client('us-east-1');
});

afterAll(async () => {
  east.destroy();
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

describe('a table', () => {
  test('passes through CREATING and is described with everything it was made with', async () => {
    const { TableDescription: created } = await east.send(
      new CreateTableCommand({
        ...aPaymentsTable('described'),
        DeletionProtectionEnabled: true,
        TableClass: 'STANDARD',
        SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/payments' },
        Tags: [{ Key: 'team', Value: 'payments' }],
      }),
    );
    expect(created?.TableStatus).toBe('CREATING');
    await untilActive(east, 'described');
    const { Table } = await east.send(new DescribeTableCommand({ TableName: 'described' }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/described',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      DeletionProtectionEnabled: true,
      TableClassSummary: { TableClass: 'STANDARD' },
      SSEDescription: {
        Status: 'ENABLED',
        KMSMasterKeyArn: 'arn:aws:kms:us-east-1:123456789012:alias/payments',
      },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [{ IndexName: 'status-index', IndexStatus: 'ACTIVE' }],
    });
    expect(Table?.LatestStreamArn).toBe(
      `${Table?.TableArn ?? ''}/stream/${Table?.LatestStreamLabel ?? ''}`,
    );
    await expect(
      east.send(new DeleteTableCommand({ TableName: 'described' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('that exists cannot be made again, and one that does not cannot be described', async () => {
    await aTable(east, aPaymentsTable('once'));
    await expect(east.send(new CreateTableCommand(aPaymentsTable('once')))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await expect(
      east.send(new DescribeTableCommand({ TableName: 'nowhere' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('belongs to its region alone, and is gone after it was deleted', async () => {
    await aTable(east, aPaymentsTable('short-lived'));
    const west = client('us-west-2');
    await expect(west.send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
    west.destroy();
    await east.send(new DeleteTableCommand({ TableName: 'short-lived' }));
    const gone = await until(async () => {
      const { TableNames = [] } = await east.send(new ListTablesCommand({}));
      return TableNames.includes('short-lived') ? undefined : TableNames;
    });
    expect(gone).not.toContain('short-lived');
  });

  test('gets an index later, filled with what was there', async () => {
    const { GlobalSecondaryIndexes, ...without } = aPaymentsTable('indexed-later');
    const keys = ['transaction_id', 'timestamp'];
    await aTable(east, {
      ...without,
      AttributeDefinitions: without.AttributeDefinitions?.filter(({ AttributeName }) =>
        keys.includes(AttributeName ?? ''),
      ),
    });
    await east.send(new PutItemCommand({ TableName: 'indexed-later', Item: aPayment('t1') }));
    await east.send(
      new UpdateTableCommand({
        TableName: 'indexed-later',
        AttributeDefinitions: [{ AttributeName: 'status', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [{ Create: GlobalSecondaryIndexes?.[0] }],
      }),
    );
    await untilActive(east, 'indexed-later');
    const found = await east.send(byStatus('indexed-later', 'COMPLETED'));
    expect(found.Items).toEqual([aPayment('t1')]);
    await east.send(
      new UpdateTableCommand({
        TableName: 'indexed-later',
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'status-index' } }],
      }),
    );
    const table = await untilActive(east, 'indexed-later');
    expect(table.AttributeDefinitions?.map(({ AttributeName }) => AttributeName)).toEqual(keys);
  });

  test('is not replicated to a region there is not', async () => {
    await aTable(east, aPaymentsTable('nowhere-else'));
    await expect(
      east.send(
        new UpdateTableCommand({
          TableName: 'nowhere-else',
          ReplicaUpdates: [{ Create: { RegionName: 'us-west-9' } }],
        }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('keeps point-in-time recovery, time to live and tags', async () => {
    const table = await aTable(east, aPaymentsTable('settings'));
    await east.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'settings',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    await expect(
      east.send(new DescribeContinuousBackupsCommand({ TableName: 'settings' })),
    ).resolves.toMatchObject({
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: 35,
        },
      },
    });
    await east.send(
      new UpdateTimeToLiveCommand({
        TableName: 'settings',
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      }),
    );
    const ResourceArn = table.TableArn ?? '';
    const Tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    await east.send(new TagResourceCommand({ ResourceArn, Tags }));
    await east.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
    await expect(east.send(new ListTagsOfResourceCommand({ ResourceArn }))).resolves.toMatchObject({
      Tags: [{ Key: 'b', Value: '2' }],
    });
  });
});

describe('an item', () => {
  beforeAll(async () => {
    await aTable(east, aPaymentsTable('payments'));
  });

  test('is put once under a condition, and the second put is told what is there', async () => {
    const put = new PutItemCommand({
      TableName: 'payments',
      Item: aPayment('once'),
      ConditionExpression: 'attribute_not_exists(transaction_id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await east.send(put);
    await expect(east.send(put)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: aPayment('once'),
    });
  });

  test('is one of ten racing puts under the same condition', async () => {
    const put = () =>
      east.send(
        new PutItemCommand({
          TableName: 'payments',
          Item: aPayment('raced'),
          ConditionExpression: 'attribute_not_exists(transaction_id)',
        }),
      );
    const results = await Promise.allSettled(Array.from({ length: 10 }, put));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is updated, found by its index under its new value only, and deleted', async () => {
    const { status: _, ...pending } = aPayment('moving');
    await east.send(
      new PutItemCommand({ TableName: 'payments', Item: { ...pending, status: { S: 'PENDING' } } }),
    );
    const Key = { transaction_id: { S: 'moving' }, timestamp: { N: '1700000000' } };
    const updated = await east.send(
      new UpdateItemCommand({
        TableName: 'payments',
        Key,
        UpdateExpression: 'SET #s = :done ADD attempts :one',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':done': { S: 'DONE' }, ':one': { N: '1' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(updated.Attributes).toMatchObject({ status: { S: 'DONE' }, attempts: { N: '1' } });
    expect((await east.send(byStatus('payments', 'PENDING'))).Count).toBe(0);
    expect((await east.send(byStatus('payments', 'DONE'))).Count).toBe(1);
    await east.send(new DeleteItemCommand({ TableName: 'payments', Key }));
    expect((await east.send(byStatus('payments', 'DONE'))).Count).toBe(0);
    const read = await east.send(new GetItemCommand({ TableName: 'payments', Key }));
    expect(read.Item).toBeUndefined();
  });

  test('of another type than the key is refused', async () => {
    await expect(
      east.send(
        new PutItemCommand({
          TableName: 'payments',
          Item: { transaction_id: { N: '1' }, timestamp: { N: '1' } },
        }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('is written and read in batches', async () => {
    await aTable(east, aPaymentsTable('batches'));
    await east.send(
      new BatchWriteItemCommand({
        RequestItems: {
          batches: ['b1', 'b2', 'b3'].map((id) => ({ PutRequest: { Item: aPayment(id) } })),
        },
      }),
    );
    const scanned = await east.send(new ScanCommand({ TableName: 'batches' }));
    expect(scanned.Count).toBe(3);
    const { Responses } = await east.send(
      new BatchGetItemCommand({
        RequestItems: {
          batches: {
            Keys: ['b1', 'b2', 'none'].map((id) => ({
              transaction_id: { S: id },
              timestamp: { N: '1700000000' },
            })),
          },
        },
      }),
    );
    expect(Responses?.batches).toHaveLength(2);
  });

  test('leaves the capacity it took and its latency as metrics', async () => {
    await aTable(east, aPaymentsTable('measured'));
    await east.send(new PutItemCommand({ TableName: 'measured', Item: aPayment('m') }));
    const names = cloud.recorded
      .filter(({ dimensions }) => dimensions.TableName === 'measured')
      .map(({ name, dimensions }) => `${name} ${dimensions.Operation ?? ''}`.trim());
    expect(names).toEqual(
      expect.arrayContaining(['ConsumedWriteCapacityUnits', 'SuccessfulRequestLatency PutItem']),
    );
  });
});

describe('a transaction', () => {
  const Item = (id: string) => ({ TableName: 'ledger', Item: aPayment(id) });
  const Key = (id: string) => ({
    TableName: 'ledger',
    Key: { transaction_id: { S: id }, timestamp: { N: '1700000000' } },
  });

  beforeAll(async () => {
    await aTable(east, aPaymentsTable('ledger'));
  });

  test('writes all its items, and its token makes a second try harmless', async () => {
    const write = new TransactWriteItemsCommand({
      TransactItems: [{ Put: Item('x1') }, { Put: Item('x2') }],
      ClientRequestToken: 'token-1',
    });
    await east.send(write);
    await east.send(new DeleteItemCommand(Key('x2')));
    await east.send(write);
    const { Responses } = await east.send(
      new TransactGetItemsCommand({ TransactItems: [{ Get: Key('x1') }, { Get: Key('x2') }] }),
    );
    expect(Responses).toEqual([{ Item: aPayment('x1') }, {}]);
  });

  test('writes nothing when one condition fails, and says which', async () => {
    await expect(
      east.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: Item('y1') },
            {
              ConditionCheck: {
                ...Key('absent'),
                ConditionExpression: 'attribute_exists(transaction_id)',
              },
            },
          ],
        }),
      ),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    await expect(east.send(new GetItemCommand(Key('y1')))).resolves.not.toHaveProperty('Item');
  });
});

describe('a caller', () => {
  test('without the permission is denied before anything else is said', async () => {
    cloud.allow(({ action }) => action !== 'dynamodb:Query');
    const denied = await east.send(byStatus('nowhere', 'DONE')).catch((error: unknown) => error);
    // Where other services say 403.
    expect(denied).toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    expect((denied as Error).message).toContain('dynamodb:Query');
    cloud.allow(() => true);
  });

  test('who asks for what is not done here is refused', async () => {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ExecuteStatement' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.coral.service#UnknownOperationException',
    });
  });
});

function byStatus(TableName: string, status: string): QueryCommand {
  return new QueryCommand({
    TableName,
    IndexName: 'status-index',
    KeyConditionExpression: '#s = :s',
    ExpressionAttributeNames: { '#s': 'status' },
    ExpressionAttributeValues: { ':s': { S: status } },
  });
}
