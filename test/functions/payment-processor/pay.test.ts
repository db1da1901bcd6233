import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { AuditTrail } from '../../../functions/payment-processor/audit-trail.js';
import { pay } from '../../../functions/payment-processor/pay.js';
import type { Payment } from '../../../functions/payment-processor/payment.js';
import { PaymentStore } from '../../../functions/payment-processor/payment-store.js';
import { aHandler, BUCKET, CREDENTIALS, TABLE, type TestHandler } from './a-handler.js';

let world: TestHandler;
beforeAll(async () => {
  world = await aHandler();
});
afterAll(() => world.close());

/** Right after the first audit object is written, the record of another payment arrives from the other region. */
class InterruptedAuditTrail extends AuditTrail {
  #isInterrupted = false;

  override async write(payment: Payment, abortSignal: AbortSignal): Promise<void> {
    await super.write(payment, abortSignal);
    if (this.#isInterrupted) return;
    this.#isInterrupted = true;
    const arriving = new PutItemCommand({
      TableName: TABLE,
      Item: {
        transaction_id: { S: payment.transactionId },
        timestamp: { N: '0' },
        amount: { N: '7' },
        currency: { S: 'EUR' },
        status: { S: 'COMPLETED' },
      },
    });
    await world.dynamodb.send(arriving);
  }
}

describe('a payment that another one from the other region replaces before it is completed', () => {
  test('is a conflict, and the audit object tells what the record tells', async () => {
    const s3 = new S3Client({
      region: 'us-east-1',
      endpoint: world.bucket.url,
      forcePathStyle: true,
      credentials: CREDENTIALS,
    });
    const ledger = {
      store: new PaymentStore(world.dynamodb, TABLE),
      audit: new InterruptedAuditTrail(s3, BUCKET),
    };
    const payment = { transactionId: 'replaced', amount: '5', currency: 'EUR' };
    const paid = pay(payment, ledger, AbortSignal.timeout(10_000));
    await expect(paid).rejects.toMatchObject({ statusCode: 409 });
    expect(await world.records('replaced')).toMatchObject([{ amount: '7', status: 'COMPLETED' }]);
    expect(world.bucket.objects.get('transactions/replaced.json')).toBe(
      '{"amount":"7","currency":"EUR","transaction_id":"replaced"}\n',
    );
    s3.destroy();
  });
});
