/** What a payment is: who pays what is named by `transactionId`, and two payments of one name must be the same payment. */
export interface Payment {
  /** Names the payment for good; safe in an S3 key (`parse-event.ts`). */
  readonly transactionId: string;
  /** Canonical decimal (`money.ts`), in whatever unit the payer counts: it is kept, never converted. */
  readonly amount: string;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** When the payer says it happened, in the payer's own words. Data, not identity: a retry may say otherwise. */
  readonly occurredAt?: string;
}

/** Whether a duplicate asks for what was already decided; false is a conflict, not a second payment. */
export function isSamePayment(one: Payment, other: Payment): boolean {
  return (
    one.transactionId === other.transactionId &&
    one.amount === other.amount &&
    one.currency === other.currency
  );
}
