/** A test payment: a real payment of a small sum through the function of one region, under an id that says what it was. */
import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import type { PaymentResult } from '../contract.js';
import { awsTroubleOf, type AwsAccess, type SiteNames } from './aws-access.js';

const SUM = { amount: '1.00', currency: 'USD' } as const;
/** The function's own default, and a margin for its start. */
const PAYMENT_TIMEOUT_MS = 35_000;

/** Rejects with PDR2010 where the function cannot be reached, fails, or refuses the payment. */
export async function sendTestPayment(
  aws: AwsAccess,
  { region, functionName }: SiteNames,
  clock: Clock,
): Promise<PaymentResult> {
  const transactionId = `portal-test-${randomUUID()}`;
  const client = new LambdaClient({ ...aws.configOf(region), maxAttempts: 1 });
  const beganMs = clock.now();
  const failed = (detail: string, cause?: unknown) =>
    new PdrError('PDR2010', { subject: `${functionName} in ${region}`, detail, cause });
  try {
    const { Payload, FunctionError } = await client
      .send(
        new InvokeCommand({
          FunctionName: functionName,
          Payload: JSON.stringify({ transaction_id: transactionId, ...SUM }),
        }),
        { abortSignal: AbortSignal.timeout(PAYMENT_TIMEOUT_MS) },
      )
      .catch((cause: unknown) => {
        throw failed(awsTroubleOf(cause), cause);
      });
    const text = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError !== undefined) throw failed(messageIn(text, 'errorMessage'));
    const { statusCode, body } = JSON.parse(text) as { statusCode: number; body: string };
    if (statusCode !== 200) throw failed(`answered ${statusCode}: ${body}`);
    const tookMs = Math.round(clock.now() - beganMs);
    return { transactionId, region, functionName, answer: messageIn(body, 'message'), tookMs };
  } finally {
    client.destroy();
  }
}

function messageIn(json: string, field: string): string {
  try {
    const message = (JSON.parse(json) as Record<string, unknown>)[field];
    return typeof message === 'string' ? message : json;
  } catch {
    return json;
  }
}
