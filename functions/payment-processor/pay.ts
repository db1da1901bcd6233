/**
 * One payment: reserve its id, write its audit object, complete it.
 *
 * Each step can be done again without doing more, so a retry begins at the first and finishes whatever an earlier attempt
 * left. COMPLETED is written last: a completed record always has its audit object.
 */
import type { AuditTrail } from './audit-trail.js';
import { isSamePayment, type Payment } from './payment.js';
import type { PaymentRecord, PaymentStore } from './payment-store.js';
import { Refusal } from './refusal.js';

export interface Ledger {
  readonly store: PaymentStore;
  readonly audit: AuditTrail;
}

/** Resolves once the payment is completed, by this call or an earlier one; refuses an id that another payment has. */
export async function pay(
  payment: Payment,
  { store, audit }: Ledger,
  abortSignal: AbortSignal,
): Promise<void> {
  const reserved = await store.reserve(payment, abortSignal);
  refuseOther(payment, reserved);
  if (reserved.status === 'COMPLETED') return;
  // What was reserved first is what is audited, even if this retry tells another time.
  await audit.write(reserved.payment, abortSignal);
  const completed = await store.complete(reserved.payment, abortSignal);
  // Another payment came from the other region meanwhile: the audit object has to tell what the record tells.
  if (!isSamePayment(completed.payment, reserved.payment)) {
    await audit.write(completed.payment, abortSignal);
  }
  refuseOther(payment, completed);
}

function refuseOther(asked: Payment, found: PaymentRecord): void {
  if (isSamePayment(asked, found.payment)) return;
  throw new Refusal(409, 'transaction_id is already used with another amount or currency');
}
