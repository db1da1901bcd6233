import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../../functions/payment-processor/answer.js';
import { aContext, aHandler, type TestHandler } from './a-handler.js';

let world: TestHandler;
beforeAll(async () => {
  world = await aHandler();
});
afterAll(() => world.close());
beforeEach(() => {
  world.logged.length = 0;
});

const aPayment = (differs: Record<string, unknown> = {}) => ({
  transaction_id: `tx-${randomUUID()}`,
  amount: '42.50',
  currency: 'EUR',
  ...differs,
});

const pay = (event: unknown): Promise<Answer> => world.handler(event, aContext());
const auditOf = (transactionId: string) =>
  world.bucket.objects.get(`transactions/${transactionId}.json`);
const auditWritesOf = (transactionId: string) =>
  world.bucket.writes.filter(({ key }) => key === `transactions/${transactionId}.json`);

describe('a payment', () => {
  test('is answered in the shape of a Lambda proxy', async () => {
    const event = aPayment();
    expect(await pay(event)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: `{"message":"Payment processed","transaction_id":"${event.transaction_id}"}`,
    });
  });

  test('leaves one completed record, with nothing in it of when or where it was processed', async () => {
    const event = aPayment({ timestamp: 1760000000 });
    await pay(event);
    expect(await world.records(event.transaction_id)).toEqual([
      {
        transaction_id: event.transaction_id,
        timestamp: '0',
        amount: '42.5',
        currency: 'EUR',
        status: 'COMPLETED',
        occurred_at: '1760000000',
      },
    ]);
  });

  test('leaves one audit object, in its folder', async () => {
    const event = aPayment({ timestamp: '2026-01-31T12:00:00Z' });
    await pay(event);
    expect(auditOf(event.transaction_id)).toBe(
      `{"amount":"42.5","currency":"EUR","occurred_at":"2026-01-31T12:00:00Z","transaction_id":"${event.transaction_id}"}\n`,
    );
  });

  test('of 38 digits keeps each of them in the record', async () => {
    const event = aPayment({ amount: '123456789012345678901234567890.12345678' });
    await pay(event);
    expect(await world.records(event.transaction_id)).toMatchObject([{ amount: event.amount }]);
    expect(await pay(event)).toMatchObject({ statusCode: 200 });
  });

  test('is paid without a context too', async () => {
    expect(await world.handler(aPayment())).toMatchObject({ statusCode: 200 });
  });

  test('is logged with its ids, and without its amount', async () => {
    const event = aPayment({ amount: '987.65', card: '4111111111111111' });
    await pay(event);
    expect(world.logged).toMatchObject([
      { level: 'info', requestId: 'request-1', transactionId: event.transaction_id },
    ]);
    expect(JSON.stringify(world.logged)).not.toMatch(/987\.65|4111111111111111/);
  });
});

describe('a duplicate', () => {
  test.each([
    { sentence: 'of the same event', differs: {} },
    { sentence: 'with its amount in another form', differs: { amount: '42.5' } },
    { sentence: 'that tells another time', differs: { timestamp: 1799999999 } },
  ])('$sentence gets the same answer and changes nothing', async ({ differs }) => {
    const event = aPayment({ timestamp: 1760000000 });
    const first = await pay(event);
    const before = await world.records(event.transaction_id);
    expect(await pay({ ...event, ...differs })).toEqual(first);
    expect(await world.records(event.transaction_id)).toEqual(before);
    expect(auditWritesOf(event.transaction_id)).toHaveLength(1);
  });

  test('among twenty at once leaves one record and one content of its audit object', async () => {
    const event = aPayment();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => pay({ ...event, timestamp: 1760000000 + n })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
    const records = await world.records(event.transaction_id);
    expect(records).toMatchObject([{ status: 'COMPLETED', amount: '42.5' }]);
    const texts = new Set(auditWritesOf(event.transaction_id).map(({ text }) => text));
    expect(texts.size).toBe(1);
    expect([...texts][0]).toContain(`"occurred_at":"${records[0]?.occurred_at}"`);
  });

  test.each([
    { sentence: 'another amount', differs: { amount: '42.51' } },
    { sentence: 'another currency', differs: { currency: 'USD' } },
  ])('with $sentence is a conflict and changes nothing', async ({ differs }) => {
    const event = aPayment();
    await pay(event);
    const before = await world.records(event.transaction_id);
    expect(await pay({ ...event, ...differs })).toMatchObject({ statusCode: 409 });
    expect(await world.records(event.transaction_id)).toEqual(before);
    expect(auditWritesOf(event.transaction_id)).toHaveLength(1);
  });

  test('of one id among many amounts at once: one amount is paid, the others are conflicts', async () => {
    const event = aPayment();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => pay({ ...event, amount: n + 1 })),
    );
    const paid = answers.flatMap(({ statusCode }, n) => (statusCode === 200 ? [n + 1] : []));
    expect(paid).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(9);
    expect(await world.records(event.transaction_id)).toMatchObject([{ amount: String(paid[0]) }]);
    expect(auditOf(event.transaction_id)).toContain(`"amount":"${paid[0]}"`);
  });
});

describe('when the audit object cannot be written', () => {
  test('the failure is thrown and logged, and the record stays pending', async () => {
    const event = aPayment();
    world.bucket.befall('denied');
    await expect(pay(event)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await world.records(event.transaction_id)).toMatchObject([{ status: 'PENDING' }]);
    expect(world.logged).toMatchObject([{ level: 'error', transactionId: event.transaction_id }]);
  });

  test('a retry completes the payment, as it was first told', async () => {
    const event = aPayment({ timestamp: 1760000000 });
    world.bucket.befall('denied');
    await expect(pay(event)).rejects.toThrow();
    expect(await pay({ ...event, timestamp: 1799999999 })).toMatchObject({ statusCode: 200 });
    expect(await world.records(event.transaction_id)).toMatchObject([
      { status: 'COMPLETED', occurred_at: '1760000000' },
    ]);
    expect(auditOf(event.transaction_id)).toContain('"occurred_at":"1760000000"');
  });

  test('a retry with another amount is a conflict and leaves the record pending', async () => {
    const event = aPayment();
    world.bucket.befall('denied');
    await expect(pay(event)).rejects.toThrow();
    expect(await pay({ ...event, amount: '1' })).toMatchObject({ statusCode: 409 });
    expect(await world.records(event.transaction_id)).toMatchObject([
      { status: 'PENDING', amount: '42.5' },
    ]);
    expect(auditOf(event.transaction_id)).toBeUndefined();
  });

  test.each(['unavailable', 'lost-answer'] as const)(
    'the client tries again by itself: %s',
    async (mishap) => {
      const event = aPayment();
      world.bucket.befall(mishap);
      expect(await pay(event)).toMatchObject({ statusCode: 200 });
      expect(new Set(auditWritesOf(event.transaction_id).map(({ text }) => text)).size).toBe(1);
    },
  );
});

describe('when the answer of a write is lost', () => {
  test.each([
    { sentence: 'of the reservation', operation: 'PutItemCommand' },
    { sentence: 'of the completion', operation: 'UpdateItemCommand' },
  ])('$sentence, the retry completes the one payment', async ({ operation }) => {
    const event = aPayment();
    let isLost = false;
    world.dynamodb.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const result = await next(args);
          if (commandName !== operation || isLost) return result;
          isLost = true;
          throw new Error('socket hang up');
        },
      { name: 'lose', step: 'initialize', override: true },
    );
    await expect(pay(event)).rejects.toThrow('socket hang up');
    expect(await pay(event)).toMatchObject({ statusCode: 200 });
    expect(await world.records(event.transaction_id)).toMatchObject([{ status: 'COMPLETED' }]);
    expect(auditOf(event.transaction_id)).toBeDefined();
    world.dynamodb.middlewareStack.remove('lose');
  });
});

describe('a bad event', () => {
  test.each([
    { sentence: 'names the field', event: aPayment({ amount: 0.1 }), field: 'amount' },
    {
      sentence: 'cannot leave the folder',
      event: aPayment({ transaction_id: '../../x' }),
      field: 'transaction_id',
    },
  ])('is answered 400, $sentence, and nothing is written', async ({ event, field }) => {
    const recordsBefore = await world.countRecords();
    const writesBefore = world.bucket.writes.length;
    const answer = await pay(event);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ field });
    expect(await world.countRecords()).toBe(recordsBefore);
    expect(world.bucket.writes).toHaveLength(writesBefore);
    expect(world.logged).toMatchObject([{ level: 'warn', statusCode: 400 }]);
  });
});

test('a payment without time left fails with an error of its own before Lambda ends the process', async () => {
  const event = aPayment();
  const late = world.handler(event, aContext(200));
  await expect(late).rejects.toMatchObject({ name: 'AbortError' });
});
