/** What the caller gets: the Lambda proxy shape, so that the same function also serves HTTP as it is. */
import type { Refusal } from './refusal.js';

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function answerProcessed(transactionId: string): Answer {
  return answer(200, { message: 'Payment processed', transaction_id: transactionId });
}

export function answerRefused({ statusCode, message, field }: Refusal): Answer {
  return answer(statusCode, { message, field });
}

function answer(statusCode: number, body: Readonly<Record<string, string | undefined>>): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
