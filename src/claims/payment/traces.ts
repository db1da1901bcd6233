/** Where a payment landed: its record and its audit object, looked for in each region until both are there. */
import type { Clock } from '../../support/clock.js';
import type { RegionalService } from './regional-service.js';

export interface Trace {
  readonly region: string;
  /** The record's status; `null` where there is none, or none could be read. */
  readonly record: string | null;
  readonly auditObject: string | null;
  /** From the answer of the function until both were seen, in milliseconds. */
  readonly afterMs: number | null;
  /** Why one of them could not be read. */
  readonly error?: string;
}

const POLL_MS = 50;

export async function traceOf(
  service: RegionalService,
  transactionId: string,
  { clock, patienceMs }: { readonly clock: Clock; readonly patienceMs: number },
): Promise<Trace> {
  const beganMs = clock.now();
  const over = new AbortController();
  void clock.sleep(patienceMs, over.signal).then(() => {
    over.abort(new Error('no answer in time'));
  });
  try {
    return await lookUntilSeen(service, transactionId, { clock, beganMs, over: over.signal });
  } finally {
    over.abort();
  }
}

async function lookUntilSeen(
  service: RegionalService,
  transactionId: string,
  {
    clock,
    beganMs,
    over,
  }: { readonly clock: Clock; readonly beganMs: number; readonly over: AbortSignal },
): Promise<Trace> {
  let seen: Trace | undefined;
  for (;;) {
    const trace = await look(service, transactionId, over, () => clock.now() - beganMs);
    // What was cut short by the end of the search tells less than what was seen before it.
    if (over.aborted && trace.error !== undefined) return seen ?? trace;
    if (trace.afterMs !== null || over.aborted) return trace;
    seen = trace;
    await clock.sleep(POLL_MS, over);
  }
}

/** Complete where the record is COMPLETED and the audit object is there. */
async function look(
  service: RegionalService,
  transactionId: string,
  signal: AbortSignal,
  elapsedMs: () => number,
): Promise<Trace> {
  const { region } = service;
  try {
    const [records, audit] = await Promise.all([
      service.records(transactionId, signal),
      service.auditObject(transactionId, signal),
    ]);
    const record = records[0]?.status ?? null;
    const auditObject = audit === undefined ? null : service.auditUri(transactionId);
    const isComplete = record === 'COMPLETED' && auditObject !== null;
    return { region, record, auditObject, afterMs: isComplete ? elapsedMs() : null };
  } catch (cause) {
    const error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { region, record: null, auditObject: null, afterMs: null, error };
  }
}
