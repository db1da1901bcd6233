/** A payment as a client of the service sees it, and the traces it leaves: the record in a table, the object in a bucket. */
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';

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

export interface ServiceResources {
  readonly functionName: string;
  readonly tableName: string;
  readonly bucketName: string;
}

/** How AWS is reached; what is left out comes from where every AWS program has it. */
export interface AwsAccess {
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle?: boolean;
  /** @default 1: what fails is told and not covered up */
  readonly maxAttempts?: number;
}

/** The handler's own answer to a payment that it does not take: the payer's mistake, and not the service's. */
export class PaymentRefused extends Error {
  override readonly name = 'PaymentRefused';

  constructor(
    readonly statusCode: number,
    message: string,
    /** The field of the payment that is wrong, where it is one. */
    readonly field?: string,
  ) {
    super(message);
  }
}

/** The service in one region, over that region's own AWS endpoint. */
export class RegionalService {
  readonly #lambda: LambdaClient;
  readonly #dynamoDb: DynamoDBClient;
  readonly #s3: S3Client;

  constructor(
    readonly region: string,
    private readonly resources: ServiceResources,
    { forcePathStyle = false, maxAttempts = 1, ...access }: AwsAccess,
  ) {
    const config = { region, maxAttempts, ...access };
    this.#lambda = new LambdaClient(config);
    this.#dynamoDb = new DynamoDBClient(config);
    this.#s3 = new S3Client({ ...config, forcePathStyle });
  }

  /** Sends a payment. Rejects where the function cannot be reached or fails, with PaymentRefused where it refuses. */
  async pay(payment: Payment, abortSignal?: AbortSignal): Promise<string> {
    const { functionName } = this.resources;
    const { Payload, FunctionError } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payment) }),
      optionsWith(abortSignal),
    );
    const text = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError !== undefined) throw new Error(`${functionName} failed: ${text}`);
    const { statusCode, body } = JSON.parse(text) as { statusCode: number; body: string };
    if (statusCode === 200) return (JSON.parse(body) as { message: string }).message;
    if (statusCode >= 500) throw new Error(`${functionName} answered ${statusCode}: ${body}`);
    const { message, field } = JSON.parse(body) as { message: string; field?: string };
    throw new PaymentRefused(statusCode, message, field);
  }

  /** The records of a transaction in this region's table. */
  async records(transactionId: string, abortSignal?: AbortSignal): Promise<PaymentRecord[]> {
    const { Items = [] } = await this.#dynamoDb.send(
      new QueryCommand({
        TableName: this.resources.tableName,
        KeyConditionExpression: 'transaction_id = :id',
        ExpressionAttributeValues: { ':id': { S: transactionId } },
        ConsistentRead: true,
      }),
      optionsWith(abortSignal),
    );
    return Items.map((item) => ({
      transactionId,
      amount: item.amount?.N ?? item.amount?.S ?? '',
      status: item.status?.S ?? '',
    }));
  }

  /** The audit object's text in this region's bucket; `undefined` while there is none. */
  async auditObject(transactionId: string, abortSignal?: AbortSignal): Promise<string | undefined> {
    try {
      const { Body } = await this.#s3.send(
        new GetObjectCommand({
          Bucket: this.resources.bucketName,
          Key: auditKey(transactionId),
        }),
        optionsWith(abortSignal),
      );
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** Where the audit object is, or will be. */
  auditUri(transactionId: string): string {
    return `s3://${this.resources.bucketName}/${auditKey(transactionId)}`;
  }

  close(): void {
    for (const client of [this.#lambda, this.#dynamoDb, this.#s3]) client.destroy();
  }
}

function auditKey(transactionId: string): string {
  return `transactions/${transactionId}.json`;
}

function optionsWith(abortSignal: AbortSignal | undefined) {
  return abortSignal === undefined ? {} : { abortSignal };
}
