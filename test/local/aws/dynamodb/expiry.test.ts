import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { createDynamoDb } from '../../../../src/local/aws/dynamodb/service.js';
import { aCloud, removeCloud } from '../../../builders/a-cloud.js';
import { aClock } from '../../../builders/a-clock.js';
import { aServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aPayment, aPaymentsTable, until } from './a-table.js';

test('an item whose time to live has passed is deleted, and no other', async () => {
  const clock = aClock();
  const cloud = await aCloud({ clock });
  const service = await createDynamoDb(cloud);
  const endpoint = await aServiceEndpoint(service);
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const TableName = 'payments';
  await client.send(new CreateTableCommand(aPaymentsTable(TableName)));
  const nowSeconds = clock.now() / 1000;
  const items = {
    expired: { N: String(nowSeconds + 10) },
    later: { N: String(nowSeconds + 3600) },
    ancient: { N: String(nowSeconds - 6 * 365 * 24 * 3600) },
    text: { S: 'soon' },
  };
  for (const [id, expires] of Object.entries(items)) {
    const Item = { ...aPayment(id), expires };
    await until(async () => {
      await clock.advance(50);
      return client.send(new PutItemCommand({ TableName, Item }));
    });
  }
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    }),
  );
  const left = await until(async () => {
    await clock.advance(61_000);
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    return Items.length < 4 ? Items.map((item) => item.transaction_id?.S).sort() : undefined;
  });
  expect(left).toEqual(['ancient', 'later', 'text']);
  client.destroy();
  await endpoint.close();
  await service.close();
  await cloud.close();
  await removeCloud(cloud);
});
