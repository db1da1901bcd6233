/**
 * The audit trail in S3: one object for each payment, at `transactions/{transaction_id}.json`.
 *
 * Its bytes follow from the record alone: written again by a retry, or by the other region, the object is the same.
 */
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Payment } from './payment.js';

export class AuditTrail {
  constructor(
    private readonly s3: S3Client,
    private readonly bucketName: string,
  ) {}

  async write(payment: Payment, abortSignal: AbortSignal): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.bucketName,
      Key: `transactions/${payment.transactionId}.json`,
      Body: auditText(payment),
      ContentType: 'application/json',
    });
    await this.s3.send(command, { abortSignal });
  }
}

/** Keys in alphabetical order; an absent time is left out. */
function auditText({ transactionId, amount, currency, occurredAt }: Payment): string {
  const audit = { amount, currency, occurred_at: occurredAt, transaction_id: transactionId };
  return `${JSON.stringify(audit)}\n`;
}
