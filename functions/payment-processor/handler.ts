/**
 * The handler: parses the event, pays, and answers; a failure of AWS is thrown, so that Lambda counts it and the caller
 * retries. Logs one line an invocation, with ids only: no amount, nothing else of the event.
 */
import type { Log } from '../../src/support/log.js';
import { answerProcessed, answerRefused, type Answer } from './answer.js';
import { parseEvent } from './parse-event.js';
import { pay, type Ledger } from './pay.js';
import { Refusal } from './refusal.js';

/** What we use of Lambda's context object. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context?: InvocationContext) => Promise<Answer>;

/** What is kept of the function's time to log and throw an error of our own before Lambda ends the process. */
const RESERVE_MS = 250;
/** Where nobody says how long there is: the default timeout of the claim. */
const DEFAULT_REMAINING_MS = 30_000;

export function createHandler(ledger: Ledger, log: Log): Handler {
  return async (event, context) => {
    const ids: Record<string, string | undefined> = { requestId: context?.awsRequestId };
    try {
      const payment = parseEvent(event);
      ids.transactionId = payment.transactionId;
      await withinDeadline(context, (abortSignal) => pay(payment, ledger, abortSignal));
      log.info('payment processed', ids);
      return answerProcessed(payment.transactionId);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        log.error('payment failed', { ...ids, error });
        throw error;
      }
      log.warn('payment refused', { ...ids, statusCode: error.statusCode, reason: error.message });
      return answerRefused(error);
    }
  };
}

/** A function that hangs is ended by Lambda without a word: we give up a little earlier, and say so. */
async function withinDeadline(
  context: InvocationContext | undefined,
  work: (abortSignal: AbortSignal) => Promise<void>,
): Promise<void> {
  const remainingMs = context?.getRemainingTimeInMillis() ?? DEFAULT_REMAINING_MS;
  return work(AbortSignal.timeout(Math.max(1, Math.floor(remainingMs) - RESERVE_MS)));
}
