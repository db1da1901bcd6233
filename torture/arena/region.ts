/** One region as its clients see it: the function to pay through, the table and the bucket to look into. */
import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import type { Payment } from '../history/attempt.js';
import type { Result } from '../history/history.js';
import type { AuditSeen, RecordSeen } from '../history/observation.js';

export interface RegionResources {
  readonly functionName: string;
  readonly tableName: string;
  readonly bucketName: string;
}

export interface Endpoint {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Longer than the function may run: whatever is not answered then is over. */
  readonly requestTimeoutMs: number;
}

/** What one transaction's audit object was, version by version, before the contents are read. */
export interface AuditVersion {
  readonly transactionId: string;
  readonly key: string;
  readonly versionId: string;
}

const FOLDER = 'transactions/';
const CONNECT_TIMEOUT_MS = 1000;
/** Errors after which nothing can have happened. */
const HARMLESS = new Set(['ECONNREFUSED', 'TooManyRequestsException']);

export class Region {
  readonly #lambda: LambdaClient;
  readonly #dynamodb: DynamoDBClient;
  readonly #s3: S3Client;

  constructor(
    readonly name: string,
    private readonly resources: RegionResources,
    { url, credentials, requestTimeoutMs }: Endpoint,
  ) {
    const shared = { region: name, endpoint: url, credentials };
    const requestHandler = {
      requestTimeout: requestTimeoutMs,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    };
    // Each try is in the history: the SDK makes none of its own.
    this.#lambda = new LambdaClient({ ...shared, requestHandler, maxAttempts: 1 });
    this.#dynamodb = new DynamoDBClient(shared);
    this.#s3 = new S3Client({ ...shared, forcePathStyle: true });
  }

  /** Pays, and waits for the answer. */
  pay(event: object): Promise<Result> {
    return this.#invoke(event, 'RequestResponse', ({ Payload, FunctionError }) => {
      const text = Buffer.from(Payload ?? []).toString('utf8');
      return FunctionError === undefined ? answered(text) : { outcome: 'unknown', detail: text };
    });
  }

  /** Leaves the payment to Lambda, which will run the function on it. */
  leave(event: object): Promise<Result> {
    return this.#invoke(event, 'Event', ({ StatusCode, $metadata: { requestId } }) =>
      StatusCode === 202 && requestId !== undefined
        ? { outcome: 'accepted', detail: '', requestId }
        : { outcome: 'unknown', detail: `status ${StatusCode ?? 'unknown'}` },
    );
  }

  async #invoke(
    event: object,
    InvocationType: 'RequestResponse' | 'Event',
    read: (output: InvokeCommandOutput) => Result,
  ): Promise<Result> {
    const command = new InvokeCommand({
      FunctionName: this.resources.functionName,
      Payload: JSON.stringify(event),
      InvocationType,
    });
    try {
      return read(await this.#lambda.send(command));
    } catch (error) {
      const { name, code } = error as { name?: string; code?: string };
      const detail = code ?? name ?? String(error);
      return { outcome: HARMLESS.has(detail) ? 'failed' : 'unknown', detail };
    }
  }

  /** Every record whose id begins with the prefix. */
  async *records(prefix: string): AsyncGenerator<[transactionId: string, RecordSeen]> {
    const pages = paginateScan(
      { client: this.#dynamodb },
      {
        TableName: this.resources.tableName,
        ConsistentRead: true,
        FilterExpression: 'begins_with(transaction_id, :prefix)',
        ExpressionAttributeValues: { ':prefix': { S: prefix } },
      },
    );
    for await (const { Items = [] } of pages) {
      for (const item of Items) yield [item.transaction_id?.S ?? '', recordOf(item)];
    }
  }

  /** Every version of the audit objects whose id begins with the prefix, newest first within each. */
  async auditVersions(prefix: string): Promise<AuditVersion[]> {
    const found: ObjectVersion[] = [];
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined =
      {};
    while (next !== undefined) {
      const page: ListObjectVersionsCommandOutput = await this.#s3.send(
        new ListObjectVersionsCommand({
          Bucket: this.resources.bucketName,
          Prefix: `${FOLDER}${prefix}`,
          ...next,
        }),
      );
      found.push(...(page.Versions ?? []));
      const { NextKeyMarker, NextVersionIdMarker } = page;
      next =
        page.IsTruncated === true
          ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker }
          : undefined;
    }
    return found.map(({ Key: key = '', VersionId: versionId = '' }) => ({
      key,
      versionId,
      transactionId: key.slice(FOLDER.length).replace(/\.json$/, ''),
    }));
  }

  async audit({ key, versionId, transactionId }: AuditVersion): Promise<AuditSeen> {
    const { Body } = await this.#s3.send(
      new GetObjectCommand({ Bucket: this.resources.bucketName, Key: key, VersionId: versionId }),
    );
    return {
      versionId,
      payment: auditedPayment((await Body?.transformToString()) ?? '', transactionId),
    };
  }

  close(): void {
    for (const client of [this.#lambda, this.#dynamodb, this.#s3]) client.destroy();
  }
}

function answered(text: string): Result {
  const { statusCode, body } = JSON.parse(text) as { statusCode?: number; body?: string };
  const detail = body ?? text;
  switch (statusCode) {
    case 200:
      return { outcome: 'acknowledged', detail };
    case 409:
      return { outcome: 'conflict', detail };
    case 400:
      return { outcome: 'refused', detail };
    default:
      return { outcome: 'unknown', detail: text };
  }
}

function recordOf(item: Record<string, AttributeValue>): RecordSeen {
  return {
    rangeKey: item.timestamp?.N ?? '',
    status: item.status?.S ?? '',
    payment: toPayment(item.amount?.N ?? '', item.currency?.S ?? '', item.occurred_at?.S),
  };
}

function auditedPayment(text: string, transactionId: string): Payment | undefined {
  try {
    const audit = JSON.parse(text) as Partial<Record<string, string>>;
    const { amount, currency, occurred_at: occurredAt } = audit;
    if (audit.transaction_id !== transactionId) return undefined;
    if (typeof amount !== 'string' || typeof currency !== 'string') return undefined;
    return toPayment(amount, currency, occurredAt);
  } catch {
    return undefined;
  }
}

function toPayment(amount: string, currency: string, occurredAt: string | undefined): Payment {
  return occurredAt === undefined ? { amount, currency } : { amount, currency, occurredAt };
}
