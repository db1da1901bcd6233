import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { createDynamoDb } from '../../../../src/local/aws/dynamodb/service.js';
import { aCloud, aKilledCopy, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aPayment, aPaymentsTable, aTable } from './a-table.js';

async function serve(cloud: TestCloud) {
  const service = await createDynamoDb(cloud);
  const endpoint = await aServiceEndpoint(service);
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
  return {
    client,
    async stop() {
      client.destroy();
      await endpoint.close();
      await service.close();
      await cloud.close();
      await removeCloud(cloud);
    },
  };
}

test('what DynamoDB acknowledged before it was killed is there after', async () => {
  const cloud = await aCloud();
  const before = await serve(cloud);
  await aTable(before.client, aPaymentsTable('payments'));
  const acknowledged: string[] = [];
  const writes = Array.from({ length: 60 }, async (_, index) => {
    const id = `t${index}`;
    await before.client.send(new PutItemCommand({ TableName: 'payments', Item: aPayment(id) }));
    acknowledged.push(id);
  });
  // In the middle of it: some are acknowledged, some are under way.
  await Promise.race(writes.slice(20));
  const survivors = [...acknowledged];
  const after = await serve(await aKilledCopy(cloud));
  const { Items = [] } = await after.client.send(new ScanCommand({ TableName: 'payments' }));
  const found = new Set(Items.map((item) => item.transaction_id?.S));
  expect(survivors.length).toBeGreaterThan(0);
  expect(survivors.filter((id) => !found.has(id))).toEqual([]);
  await Promise.all(writes);
  await before.stop();
  await after.stop();
});
