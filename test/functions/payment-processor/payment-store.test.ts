import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Payment } from '../../../functions/payment-processor/payment.js';
import { PaymentStore } from '../../../functions/payment-processor/payment-store.js';
import { aHandler, TABLE, type TestHandler } from './a-handler.js';

let world: TestHandler;
let store: PaymentStore;
beforeAll(async () => {
  world = await aHandler();
  store = new PaymentStore(world.dynamodb, TABLE);
});
afterAll(() => world.close());

const { signal } = new AbortController();
const aPayment = (transactionId: string): Payment => ({
  transactionId,
  amount: '42.5',
  currency: 'EUR',
});

/** What the other region, which has not heard of our write, replicates over it. */
const replicate = (item: Record<string, { S: string } | { N: string }>) =>
  world.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: item }));

describe('the store', () => {
  test('makes only calls that the role allows, and reads what was written last', async () => {
    const calls: { name: string | undefined; input: unknown }[] = [];
    world.dynamodb.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          calls.push({ name: commandName, input: args.input });
          return next(args);
        },
      { name: 'record', step: 'initialize' },
    );
    const payment = aPayment('tx-calls');
    await store.reserve(payment, signal);
    await store.reserve(payment, signal);
    await store.complete(payment, signal);
    world.dynamodb.middlewareStack.remove('record');
    expect(calls.map(({ name }) => name)).toEqual([
      'PutItemCommand',
      'PutItemCommand',
      'GetItemCommand',
      'UpdateItemCommand',
    ]);
    expect(calls[2]?.input).toMatchObject({ ConsistentRead: true });
  });

  test('completes no other payment that has replaced ours from the other region', async () => {
    const payment = aPayment('tx-replaced');
    await store.reserve(payment, signal);
    await replicate({
      transaction_id: { S: 'tx-replaced' },
      timestamp: { N: '0' },
      amount: { N: '7' },
      currency: { S: 'EUR' },
      status: { S: 'PENDING' },
    });
    expect(await store.complete(payment, signal)).toEqual({
      payment: { ...payment, amount: '7' },
      status: 'PENDING',
    });
    expect(await world.records('tx-replaced')).toMatchObject([{ amount: '7', status: 'PENDING' }]);
  });

  test('completes ours again where a late reservation has replaced it', async () => {
    const payment = aPayment('tx-late');
    await store.reserve(payment, signal);
    await store.complete(payment, signal);
    await replicate({
      transaction_id: { S: 'tx-late' },
      timestamp: { N: '0' },
      amount: { N: '42.5' },
      currency: { S: 'EUR' },
      status: { S: 'PENDING' },
    });
    expect(await store.reserve(payment, signal)).toMatchObject({ status: 'PENDING' });
    expect(await store.complete(payment, signal)).toEqual({ payment, status: 'COMPLETED' });
  });

  test.each([
    { sentence: 'has no amount', item: { currency: { S: 'EUR' }, status: { S: 'PENDING' } } },
    {
      sentence: 'has a status of its own',
      item: { amount: { N: '42.5' }, currency: { S: 'EUR' }, status: { S: 'done' } },
    },
  ])('refuses to go on from an item that $sentence', async ({ sentence, item }) => {
    const transactionId = `tx-${sentence.replaceAll(' ', '-')}`;
    await replicate({ transaction_id: { S: transactionId }, timestamp: { N: '0' }, ...item });
    await expect(store.reserve(aPayment(transactionId), signal)).rejects.toThrow(transactionId);
  });
});
