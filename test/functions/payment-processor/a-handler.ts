/** The handler over a real DynamoDB protocol (dynalite) and a bucket that fails on request; everything on the loopback. */
import {
  CreateTableCommand,
  DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import dynalite from 'dynalite';
import type { AddressInfo } from 'node:net';
import { AuditTrail } from '../../../functions/payment-processor/audit-trail.js';
import {
  createHandler,
  type Handler,
  type InvocationContext,
} from '../../../functions/payment-processor/handler.js';
import { PaymentStore } from '../../../functions/payment-processor/payment-store.js';
import { createLog } from '../../../src/support/log.js';
import { aBucket, type TestBucket } from './a-bucket.js';

export const TABLE = 'payments-table-test';
export const BUCKET = 'payment-audit-primary-test';

export const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };

export interface TestHandler {
  readonly handler: Handler;
  readonly bucket: TestBucket;
  readonly dynamodb: DynamoDBClient;
  readonly dynamodbUrl: string;
  /** What was logged, one parsed line each. */
  readonly logged: Record<string, unknown>[];
  records(transactionId: string): Promise<Record<string, string | undefined>[]>;
  countRecords(): Promise<number>;
  close(): Promise<void>;
}

export async function aHandler(): Promise<TestHandler> {
  const bucket = await aBucket(BUCKET);
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dynamodbUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const shared = { region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 2 };
  const dynamodb = new DynamoDBClient({ ...shared, endpoint: dynamodbUrl });
  const s3 = new S3Client({ ...shared, endpoint: bucket.url, forcePathStyle: true });
  await createTable(dynamodb);

  const logged: Record<string, unknown>[] = [];
  const log = createLog({
    level: 'debug',
    write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>),
  });
  const ledger = { store: new PaymentStore(dynamodb, TABLE), audit: new AuditTrail(s3, BUCKET) };
  return {
    handler: createHandler(ledger, log),
    bucket,
    dynamodb,
    dynamodbUrl,
    logged,
    records: async (transactionId) => {
      const query = new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: 'transaction_id = :id',
        ExpressionAttributeValues: { ':id': { S: transactionId } },
        ConsistentRead: true,
      });
      const { Items: items = [] } = await dynamodb.send(query);
      return items.map((item) =>
        Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N])),
      );
    },
    countRecords: async () => {
      const scan = new ScanCommand({ TableName: TABLE, Select: 'COUNT', ConsistentRead: true });
      return (await dynamodb.send(scan)).Count ?? 0;
    },
    close: async () => {
      dynamodb.destroy();
      s3.destroy();
      await bucket.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function aContext(remainingMs = 30_000): InvocationContext {
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => remainingMs };
}

/** The table as the definition makes it. */
async function createTable(dynamodb: DynamoDBClient): Promise<void> {
  const create = new CreateTableCommand({
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'transaction_id', KeyType: 'HASH' },
      { AttributeName: 'timestamp', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'transaction_id', AttributeType: 'S' },
      { AttributeName: 'timestamp', AttributeType: 'N' },
      { AttributeName: 'status', AttributeType: 'S' },
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
  });
  await dynamodb.send(create);
}
