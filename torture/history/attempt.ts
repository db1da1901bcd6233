/** What clients did and what came of it: the one language of the plan, the history and the checker. */

/** A payment's content, in canonical form: two events that write one amount differently are one payment. */
export interface Payment {
  readonly amount: string;
  readonly currency: string;
  readonly occurredAt?: string;
}

/**
 * What came of an attempt. One that did not wait is `accepted` with its 202, and until it is known what became of it: what the
 * function answered then says its log, what was given up says the on-failure destination.
 */
export type Outcome =
  /** 200: from here on the payment must be there. */
  | 'acknowledged'
  /** 409: another payment has the id. */
  | 'conflict'
  /** 400. */
  | 'refused'
  /** 202: Lambda has the event, and has to run it until it is answered or given up. */
  | 'accepted'
  /** Accepted, and told to the on-failure destination of its region. */
  | 'given-up'
  /** It never reached the function: refused connections, throttling. It changed nothing. */
  | 'failed'
  /** No answer, or an error: it may have done anything from nothing to everything. */
  | 'unknown';

export interface Attempt {
  /** Counts through the whole history. */
  readonly number: number;
  readonly transactionId: string;
  readonly region: string;
  readonly payment: Payment;
  /** False where the event must be refused with 400. */
  readonly isValid: boolean;
  /** Whether the payer left it to Lambda (invocation type Event) in place of waiting for the answer. */
  readonly isAsync: boolean;
  /** As it was sent. */
  readonly event: object;
  /** Of an attempt that was accepted: Lambda's name for the event. */
  readonly requestId?: string;
  /** Milliseconds since the run began, as all times here. */
  readonly invokedAtMs: number;
  /** When the outcome was known: of one that did not wait, some time after it was so. */
  readonly completedAtMs: number;
  readonly outcome: Outcome;
  /** The error's name or the answer's message, for people. */
  readonly detail: string;
}

/** Whether a payer has no reason to ask again. */
export function isFinal(outcome: Outcome): boolean {
  return outcome !== 'failed' && outcome !== 'unknown';
}

export function isSameMoney(one: Payment, other: Payment): boolean {
  return one.amount === other.amount && one.currency === other.currency;
}

export function moneyOf({ amount, currency }: Payment): string {
  return `${amount} ${currency}`;
}
