import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type QueryCommandInput,
  type ScanCommandInput,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDynamoDb } from '../../../../../src/local/aws/dynamodb/service.js';
import type { Service } from '../../../../../src/local/aws/service.js';
import { aCloud, removeCloud, type TestCloud } from '../../../../builders/a-cloud.js';
import { aServiceEndpoint, type ServiceEndpoint } from '../../../../builders/a-service-endpoint.js';
import { aPayment, aPaymentsTable, aTable } from '../a-table.js';

const TableName = 'refusing';
const Key = { transaction_id: { S: 'one' }, timestamp: { N: '1700000000' } };

let cloud: TestCloud;
let service: Service;
let endpoint: ServiceEndpoint;
let db: DynamoDBClient;

beforeAll(async () => {
  cloud = await aCloud();
  service = await createDynamoDb(cloud);
  endpoint = await aServiceEndpoint(service);
  db = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  await aTable(db, aPaymentsTable(TableName));
  await db.send(new PutItemCommand({ TableName, Item: aPayment('one') }));
});

afterAll(async () => {
  db.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
  await removeCloud(cloud);
});

const EMPTY = 'The AttributeValue for a key attribute cannot contain an empty string value.';
const IN_ITEM = `One or more parameter values are not valid. A value specified for a secondary index key is not supported. ${EMPTY} IndexName: status-index, IndexKey: status`;
const IN_UPDATE = `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. ${EMPTY}`;
const UPDATE = {
  TableName,
  Key,
  UpdateExpression: 'SET #s = :s',
  ExpressionAttributeNames: { '#s': 'status' },
  ExpressionAttributeValues: { ':s': { S: '' } },
};
const write = (item: TransactWriteItem, ClientRequestToken?: string) =>
  new TransactWriteItemsCommand({ TransactItems: [item], ClientRequestToken });

describe('an empty key', () => {
  test.each([
    {
      sentence: 'of an index in an item that is put',
      send: () =>
        db.send(new PutItemCommand({ TableName, Item: { ...aPayment('x'), status: { S: '' } } })),
      says: IN_ITEM,
    },
    {
      sentence: 'of an index in an update',
      send: () => db.send(new UpdateItemCommand(UPDATE)),
      says: IN_UPDATE,
    },
    {
      sentence: 'of an index in a transaction, which is refused and not cancelled',
      send: () => db.send(write({ Update: UPDATE })),
      says: IN_UPDATE,
    },
    {
      sentence: 'of the table in a read',
      send: () =>
        db.send(new GetItemCommand({ TableName, Key: { ...Key, transaction_id: { S: '' } } })),
      says: `One or more parameter values are not valid. ${EMPTY} Key: transaction_id`,
    },
    {
      sentence: 'of the table in a query',
      send: () => query({ ExpressionAttributeValues: { ':id': { S: '' } } }),
      says: `One or more parameter values are not valid. ${EMPTY} Key: transaction_id`,
    },
  ])('$sentence is refused', async ({ send, says }) => {
    await expect(send()).rejects.toMatchObject({ name: 'ValidationException', message: says });
  });
});

const query = (differs: Partial<QueryCommandInput>) =>
  db.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'transaction_id = :id',
      ExpressionAttributeValues: { ':id': { S: 'one' } },
      ...differs,
    }),
  );
const scan = (differs: Partial<ScanCommandInput>) =>
  db.send(new ScanCommand({ TableName, ...differs }));

describe('a selection', () => {
  const MUST =
    'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES';
  const CANNOT = 'Cannot specify the ProjectionExpression when choosing to get';
  const PROJECTED = 'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName';

  test.each([
    { select: { Select: 'SPECIFIC_ATTRIBUTES' } as const, says: MUST },
    {
      select: { Select: 'COUNT', ProjectionExpression: 'amount' } as const,
      says: `${CANNOT} only the Count`,
    },
    {
      select: { Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'amount' } as const,
      says: `${CANNOT} ALL_ATTRIBUTES`,
    },
    { select: { Select: 'ALL_PROJECTED_ATTRIBUTES' } as const, says: PROJECTED },
  ])('that contradicts itself is refused: $says', async ({ select, says }) => {
    await expect(query(select)).rejects.toMatchObject({
      message: `1 validation error detected: ${says}`,
    });
    await expect(scan(select)).rejects.toMatchObject({ message: says });
  });

  test('that agrees with itself is made', async () => {
    const specific = { Select: 'SPECIFIC_ATTRIBUTES', ProjectionExpression: 'amount' } as const;
    await expect(query(specific)).resolves.toMatchObject({ Items: [{ amount: { S: '12.50' } }] });
    const projected = { Select: 'ALL_PROJECTED_ATTRIBUTES', IndexName: 'status-index' } as const;
    await expect(scan(projected)).resolves.toMatchObject({ Count: 1 });
  });

  test('from more segments than there can be is refused', async () => {
    await expect(scan({ Segment: 0, TotalSegments: 1_000_001 })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('a list', () => {
  const among = (length: number) => {
    const values = Array.from({ length }, (_, i) => `:v${i}`);
    return scan({
      FilterExpression: `NOT amount IN (${values.join(', ')})`,
      ExpressionAttributeValues: Object.fromEntries(values.map((name) => [name, { S: name }])),
    });
  };

  test('of more than a hundred values is refused', async () => {
    await expect(among(101)).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'Invalid FilterExpression: The IN operator is provided with too many operands; number of operands: 101',
    });
    await expect(among(100)).resolves.toHaveProperty('Count');
  });
});

describe('a transaction', () => {
  test.each([
    {
      sentence: 'checks nothing',
      item: { ConditionCheck: { TableName, Key } } as unknown as TransactWriteItem,
      says: /'transactItems\.1\.member\.conditionCheck\.conditionExpression'/,
    },
    {
      sentence: 'updates nothing',
      item: { Update: { TableName, Key } } as unknown as TransactWriteItem,
      says: /'transactItems\.1\.member\.update\.updateExpression'/,
    },
    {
      sentence: 'has a token of more than 36 characters',
      item: { Delete: { TableName, Key } },
      token: 't'.repeat(37),
      says: /'clientRequestToken'.*less than or equal to 36/,
    },
    {
      sentence: 'wants to be told of a failed condition in no way there is',
      item: {
        Delete: { TableName, Key, ReturnValuesOnConditionCheckFailure: 'ALL_NEW' },
      } as unknown as TransactWriteItem,
      says: /'returnValuesOnConditionCheckFailure'.*\[ALL_OLD, NONE\]/,
    },
  ])('is refused that $sentence', async ({ item, token, says }) => {
    const sent = db.send(write(item, token));
    await expect(sent).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(sent).rejects.toThrow(says);
  });

  test('is cancelled by a key of another type, with the reason at its place', async () => {
    const Delete = { TableName, Key: { ...Key, timestamp: { S: 'late' } } };
    const TransactItems = [{ Put: { TableName, Item: aPayment('two') } }, { Delete }];
    await expect(db.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ValidationError',
          Message: 'The provided key element does not match the schema',
        },
      ],
    });
  });

  test('tells the capacity it took, twice that of single calls', async () => {
    const wish = { ReturnConsumedCapacity: 'TOTAL' } as const;
    const Items = ['three', 'four'].map((id) => ({ Put: { TableName, Item: aPayment(id) } }));
    await expect(
      db.send(new TransactWriteItemsCommand({ TransactItems: Items, ...wish })),
    ).resolves.toMatchObject({
      ConsumedCapacity: [{ TableName, CapacityUnits: 4, WriteCapacityUnits: 4 }],
    });
    await expect(
      db.send(
        new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }], ...wish }),
      ),
    ).resolves.toMatchObject({
      ConsumedCapacity: [{ TableName, CapacityUnits: 2, ReadCapacityUnits: 2 }],
    });
  });
});
