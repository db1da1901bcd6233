/**
 * The demonstration that `payments-dr up` gives: a claim becomes a service in two regions, a region is lost, payments go on,
 * the region comes back and catches up. Every step is checked against AWS itself; the first that does not hold ends it.
 */
import type { AwsServer } from '../../local/aws/server.js';
import type { Clock } from '../../support/clock.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import { bringUpClaim, type ClaimContext } from './bring-up-claim.js';
import { RegionalService, type Payment } from '../../claims/payment/regional-service.js';
import { until } from './wait.js';

export interface DemonstrationOptions extends ClaimContext {
  readonly aws: AwsServer;
  readonly claim: KubernetesObject;
  /** When the command began, for the time until Ready. */
  readonly beganMs: number;
  /** How many passes over composites the engine has made so far. */
  readonly passes: () => number;
}

/** Throws `StepFailed` at the first step that does not hold. */
export async function demonstrate(options: DemonstrationOptions): Promise<void> {
  const { aws, clock, narrator, beganMs, passes } = options;
  narrator.heading('A claim becomes a payments service in two regions');
  const appliedMs = clock.now();
  const passesBefore = passes();
  const claim = await narrator.step('claim', async () => {
    const value = await bringUpClaim(options, options.claim);
    return { value, seen: `${claimName(value)} is Ready` };
  });
  narrator.measure('start to claim Ready', clock.now() - beganMs);
  narrator.measure('claim applied to Ready', clock.now() - appliedMs);
  narrator.measure('passes of the engine until Ready', passes() - passesBefore, 'passes');
  const [primary, secondary] = servicesOf(claim, aws);
  try {
    await payThroughPrimary(options, primary, secondary);
    await loseAndRegainPrimary(options, primary, secondary);
  } finally {
    primary.close();
    secondary.close();
  }
}

async function payThroughPrimary(
  { clock, narrator }: DemonstrationOptions,
  primary: RegionalService,
  secondary: RegionalService,
): Promise<void> {
  narrator.heading('A payment, with both regions up');
  const payment = aPayment(clock, 'both-up');
  const id = payment.transaction_id;
  const paidMs = await narrator.step(`pay through ${primary.region}`, async () => {
    const beganMs = clock.now();
    const message = await primary.pay(payment);
    narrator.measure('first payment (cold start)', clock.now() - beganMs);
    return { value: clock.now(), seen: `${id}: ${message}` };
  });
  await narrator.step(`read it in ${secondary.region}`, () => completed(clock, secondary, payment));
  narrator.measure(`replication ${primary.region} → ${secondary.region}`, clock.now() - paidMs);
  for (const service of [primary, secondary]) {
    await narrator.step(`audit object in ${service.region}`, () => audited(clock, service, id));
  }
}

async function loseAndRegainPrimary(
  { aws, clock, narrator }: DemonstrationOptions,
  primary: RegionalService,
  secondary: RegionalService,
): Promise<void> {
  narrator.heading(`${primary.region} is lost`);
  const payment = aPayment(clock, 'primary-down');
  const lostMs = clock.now();
  await narrator.step(`take ${primary.region} down`, async () => {
    await aws.faults.takeDown(primary.region);
    return { value: undefined, seen: await refusal(primary, payment) };
  });
  await narrator.step(`pay again through ${secondary.region}`, async () => {
    const message = await secondary.pay(payment);
    return { value: undefined, seen: `${payment.transaction_id}: ${message}` };
  });
  narrator.measure('loss to first payment by the survivor', clock.now() - lostMs);
  await narrator.step(`record in ${secondary.region}`, () => completed(clock, secondary, payment));

  narrator.heading(`${primary.region} comes back`);
  const backMs = clock.now();
  await narrator.step(`bring ${primary.region} up`, async () => {
    await aws.faults.bringUp(primary.region);
    return { value: undefined, seen: '' };
  });
  await narrator.step(`record caught up in ${primary.region}`, () =>
    completed(clock, primary, payment),
  );
  await narrator.step(`audit object caught up in ${primary.region}`, () =>
    audited(clock, primary, payment.transaction_id),
  );
  narrator.measure('return to caught up', clock.now() - backMs);
}

/** The payment must not go through a region that is down. Resolves with how it was refused. */
async function refusal(service: RegionalService, payment: Payment): Promise<string> {
  const answer = await service.pay(payment).catch((error: unknown) => error);
  if (answer instanceof Error) return `a payment there now fails: ${answer.message}`;
  throw new Error(`${service.region} is down, and yet it answered a payment`);
}

async function completed(
  clock: Clock,
  service: RegionalService,
  { transaction_id, amount }: Payment,
) {
  const what = `record of ${transaction_id} in ${service.region}`;
  const records = await until(clock, what, async () => {
    const found = await service.records(transaction_id);
    return found.length > 0 && found.every(({ status }) => status === 'COMPLETED')
      ? found
      : undefined;
  });
  const [record] = records;
  if (records.length !== 1 || record === undefined || Number(record.amount) !== Number(amount)) {
    throw new Error(`${what}: expected one of ${amount}, found ${JSON.stringify(records)}`);
  }
  return { value: record, seen: `${record.status}, ${record.amount}` };
}

async function audited(clock: Clock, service: RegionalService, transactionId: string) {
  const text = await until(clock, `audit object of ${transactionId} in ${service.region}`, () =>
    service.auditObject(transactionId),
  );
  return { value: text, seen: `transactions/${transactionId}.json, ${text.length} bytes` };
}

function aPayment(clock: Clock, occasion: string): Payment {
  return {
    transaction_id: `demo-${occasion}-${clock.now().toString(36)}`,
    amount: '42.50',
    currency: 'USD',
  };
}

function claimName({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`;
}

interface ClaimStatus {
  readonly table: { readonly name: string };
  readonly primary: RegionStatus;
  readonly secondary: RegionStatus;
}

interface RegionStatus {
  readonly region: string;
  readonly function: { readonly name: string };
  readonly bucket: { readonly name: string };
}

/** What the claim's own status says it has: the demonstration uses only what its user could. */
function servicesOf(claim: KubernetesObject, aws: AwsServer): [RegionalService, RegionalService] {
  const { table, primary, secondary } = claim.status as ClaimStatus;
  const serviceOf = ({ region, function: fn, bucket }: RegionStatus) => {
    const endpoint = aws.regionUrls.get(region);
    if (endpoint === undefined) throw new RangeError(`the local AWS has no region ${region}`);
    return new RegionalService(
      region,
      { functionName: fn.name, tableName: table.name, bucketName: bucket.name },
      { endpoint, credentials: aws.credentials, forcePathStyle: true },
    );
  };
  return [serviceOf(primary), serviceOf(secondary)];
}
