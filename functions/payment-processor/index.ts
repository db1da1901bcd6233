/**
 * The payment handler, as Lambda starts it: everything here is made once, each invocation then only pays.
 *
 * An event becomes a payment (`parse-event.ts`, `money.ts`), the payment is made (`pay.ts`) in the table
 * (`payment-store.ts`) and the audit bucket (`audit-trail.ts`), and the caller gets an answer (`answer.ts`). Promises exactly
 * one completed record, with its audit object, for each `transaction_id` that was answered with 200.
 */
import { createLog } from '../../src/support/log.js';
import { AuditTrail } from './audit-trail.js';
import { createClients } from './clients.js';
import { createHandler } from './handler.js';
import { PaymentStore } from './payment-store.js';
import { readSettings } from './settings.js';

const settings = readSettings(process.env);
const { dynamodb, s3 } = createClients(settings);

export const handler = createHandler(
  {
    store: new PaymentStore(dynamodb, settings.tableName),
    audit: new AuditTrail(s3, settings.bucketName),
  },
  createLog({ part: 'payment-processor' }),
);
