/**
 * Payments in DynamoDB: one item for each `transaction_id`, PENDING until its audit object is written, then COMPLETED.
 *
 * The table's range key is the same for every payment, so an id can only ever name one item: whatever a retry says, in
 * whichever region (docs/decisions/0004). Nothing in an item depends on when or where it is written; a duplicate from
 * the other region is therefore the same item with the same content. Calls PutItem, GetItem and UpdateItem only.
 */
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Payment } from './payment.js';

export type PaymentStatus = 'PENDING' | 'COMPLETED';

export interface PaymentRecord {
  readonly payment: Payment;
  readonly status: PaymentStatus;
}

/** The range key `timestamp` of every payment. A time here would make two items of one payment and its retry. */
const RANGE_KEY: AttributeValue = { N: '0' };

export class PaymentStore {
  constructor(
    private readonly dynamodb: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * The record that holds the payment's id: a new PENDING one, or the one that was there, which may be of another
   * amount. Of several at once in one region exactly one is new and the others see it.
   */
  async reserve(payment: Payment, abortSignal: AbortSignal): Promise<PaymentRecord> {
    const command = new PutItemCommand({
      TableName: this.tableName,
      Item: toItem({ payment, status: 'PENDING' }),
      ConditionExpression: 'attribute_not_exists(transaction_id)',
    });
    const isNew = await isHeld(this.dynamodb.send(command, { abortSignal }));
    // Also where the SDK repeated a write whose answer was lost: then the record found is our own.
    return isNew ? { payment, status: 'PENDING' } : this.#read(payment.transactionId, abortSignal);
  }

  /** The payment's record, COMPLETED; or, where another payment has replaced it from the other region, that one's. */
  async complete(payment: Payment, abortSignal: AbortSignal): Promise<PaymentRecord> {
    const command = new UpdateItemCommand({
      TableName: this.tableName,
      Key: keyOf(payment.transactionId),
      UpdateExpression: 'SET #status = :completed',
      ConditionExpression: 'amount = :amount AND currency = :currency',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':completed': { S: 'COMPLETED' satisfies PaymentStatus },
        ':amount': { N: payment.amount },
        ':currency': { S: payment.currency },
      },
    });
    const isOurs = await isHeld(this.dynamodb.send(command, { abortSignal }));
    return isOurs
      ? { payment, status: 'COMPLETED' }
      : this.#read(payment.transactionId, abortSignal);
  }

  async #read(transactionId: string, abortSignal: AbortSignal): Promise<PaymentRecord> {
    const command = new GetItemCommand({
      TableName: this.tableName,
      Key: keyOf(transactionId),
      ConsistentRead: true,
    });
    const { Item: item } = await this.dynamodb.send(command, { abortSignal });
    if (item === undefined) throw new Error(`${transactionId}: the record was deleted meanwhile`);
    return fromItem(item);
  }
}

/** Whether the write's condition held. */
async function isHeld(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function keyOf(transactionId: string) {
  return { transaction_id: { S: transactionId }, timestamp: RANGE_KEY };
}

function toItem({ payment, status }: PaymentRecord): Record<string, AttributeValue> {
  return {
    ...keyOf(payment.transactionId),
    amount: { N: payment.amount },
    currency: { S: payment.currency },
    status: { S: status },
    ...(payment.occurredAt === undefined ? {} : { occurred_at: { S: payment.occurredAt } }),
  };
}

function fromItem(item: Record<string, AttributeValue>): PaymentRecord {
  const transactionId = item.transaction_id?.S;
  const amount = item.amount?.N;
  const currency = item.currency?.S;
  const status = item.status?.S;
  const occurredAt = item.occurred_at?.S;
  if (
    transactionId === undefined ||
    amount === undefined ||
    currency === undefined ||
    (status !== 'PENDING' && status !== 'COMPLETED')
  ) {
    throw new Error(`${transactionId ?? 'an item'}: the record is not one that we wrote`);
  }
  const payment = { transactionId, amount, currency };
  return { payment: occurredAt === undefined ? payment : { ...payment, occurredAt }, status };
}
