import {
  CreateTableCommand,
  DescribeTableCommand,
  type AttributeValue,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';

/** The table of the product: DESIGN §3. */
export function aPaymentsTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'transaction_id', AttributeType: 'S' },
      { AttributeName: 'timestamp', AttributeType: 'N' },
      { AttributeName: 'status', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'transaction_id', KeyType: 'HASH' },
      { AttributeName: 'timestamp', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'status-index',
        KeySchema: [
          { AttributeName: 'status', KeyType: 'HASH' },
          { AttributeName: 'timestamp', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

/** Makes the table and waits until it can be used. */
export async function aTable(
  client: DynamoDBClient,
  input: CreateTableCommandInput,
): Promise<TableDescription> {
  await client.send(new CreateTableCommand(input));
  return untilActive(client, input.TableName ?? '');
}

export async function untilActive(
  client: DynamoDBClient,
  TableName: string,
): Promise<TableDescription> {
  return until(async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const isActive =
      Table?.TableStatus === 'ACTIVE' &&
      (Table.Replicas ?? []).every(({ ReplicaStatus }) => ReplicaStatus === 'ACTIVE');
    return isActive ? Table : undefined;
  });
}

/** Asks until there is an answer; the test's own timeout ends it. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function aPayment(id: string, amount = '12.50'): Record<string, AttributeValue> {
  return {
    transaction_id: { S: id },
    timestamp: { N: '1700000000' },
    status: { S: 'COMPLETED' },
    amount: { S: amount },
  };
}
