/** What clients did and what came of it: the one language of the plan, the history and the checker. */

/** A payment's content, in canonical form: two events that write one amount differently are one payment. */
export interface Payment {
  readonly amount: string;
  readonly currency: string;
  readonly occurredAt?: string;
}

export type Outcome =
  /** 200: from here on the payment must be there. */
  | 'acknowledged'
  /** 409: another payment has the id. */
  | 'conflict'
  /** 400. */
  | 'refused'
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
  /** Milliseconds since the run began, as all times here. */
  readonly invokedAtMs: number;
  readonly completedAtMs: number;
  readonly outcome: Outcome;
  /** The error's name or the answer's message, for people. */
  readonly detail: string;
}

export function isFinal(outcome: Outcome): boolean {
  return outcome === 'acknowledged' || outcome === 'conflict' || outcome === 'refused';
}

export function isSameMoney(one: Payment, other: Payment): boolean {
  return one.amount === other.amount && one.currency === other.currency;
}

export function moneyOf({ amount, currency }: Payment): string {
  return `${amount} ${currency}`;
}
