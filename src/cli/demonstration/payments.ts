/** A payment as a client of the service sees it, and the traces it leaves: the record in a table, the object in a bucket. */
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import type { AwsServer } from '../../local/aws/server.js';

export interface Payment {
  readonly transaction_id: string;
  readonly amount: string;
  readonly currency: string;
}

export interface PaymentRecord {
  readonly transactionId: string;
  readonly amount: string;
  readonly status: string;
}

/** The service in one region, over that region's own AWS endpoint. */
export class RegionalService {
  readonly #lambda: LambdaClient;
  readonly #dynamoDb: DynamoDBClient;
  readonly #s3: S3Client;

  constructor(
    readonly region: string,
    private readonly resources: {
      readonly functionName: string;
      readonly tableName: string;
      readonly bucketName: string;
    },
    { regionUrls, credentials }: AwsServer,
  ) {
    const endpoint = regionUrls.get(region);
    if (endpoint === undefined) throw new RangeError(`the local AWS has no region ${region}`);
    const config = { region, endpoint, credentials, maxAttempts: 1 };
    this.#lambda = new LambdaClient(config);
    this.#dynamoDb = new DynamoDBClient(config);
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
  }

  /** Sends a payment. Rejects where the function cannot be reached, fails, or refuses. */
  async pay(payment: Payment): Promise<string> {
    const { functionName } = this.resources;
    const { Payload, FunctionError } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payment) }),
    );
    const text = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError !== undefined) throw new Error(`${functionName} failed: ${text}`);
    const { statusCode, body } = JSON.parse(text) as { statusCode: number; body: string };
    if (statusCode !== 200) throw new Error(`${functionName} answered ${statusCode}: ${body}`);
    return (JSON.parse(body) as { message: string }).message;
  }

  /** The records of a transaction in this region's table. */
  async records(transactionId: string): Promise<PaymentRecord[]> {
    const { Items = [] } = await this.#dynamoDb.send(
      new QueryCommand({
        TableName: this.resources.tableName,
        KeyConditionExpression: 'transaction_id = :id',
        ExpressionAttributeValues: { ':id': { S: transactionId } },
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => ({
      transactionId,
      amount: item.amount?.N ?? item.amount?.S ?? '',
      status: item.status?.S ?? '',
    }));
  }

  /** The audit object's text in this region's bucket; `undefined` while there is none. */
  async auditObject(transactionId: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#s3.send(
        new GetObjectCommand({
          Bucket: this.resources.bucketName,
          Key: `transactions/${transactionId}.json`,
        }),
      );
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  close(): void {
    for (const client of [this.#lambda, this.#dynamoDb, this.#s3]) client.destroy();
  }
}
