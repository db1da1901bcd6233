/** Looks into both regions, and waits until they tell the same: then replication has settled. */
import type { Clock } from '../../src/support/clock.js';
import type { AuditSeen, Observation, RecordSeen, RegionSeen } from '../history/observation.js';
import type { AuditVersion, Region } from './region.js';

export interface ObserveOptions {
  readonly regions: readonly Region[];
  /** Of the transactions to look for. */
  readonly prefix: string;
  readonly clock: Clock;
}

export interface Settled {
  readonly observation: Observation;
  /** False where the regions still differed when patience was at its end. */
  readonly isSettled: boolean;
}

interface Listing {
  readonly region: Region;
  readonly records: ReadonlyMap<string, RecordSeen[]>;
  readonly versions: readonly AuditVersion[];
}

const PATIENCE_MS = 30_000;
const POLL_MS = 100;
const READ_AT_ONCE = 12;

export async function observeSettled(options: ObserveOptions): Promise<Settled> {
  const { clock } = options;
  const beganMs = clock.now();
  for (;;) {
    const listings = await Promise.all(
      options.regions.map((region) => list(region, options.prefix)),
    );
    const isSettled = new Set(listings.map(fingerprint)).size === 1;
    if (isSettled || clock.now() - beganMs > PATIENCE_MS) {
      const seen = await Promise.all(listings.map(read));
      return { isSettled, observation: new Map(seen) };
    }
    await clock.sleep(POLL_MS);
  }
}

async function list(region: Region, prefix: string): Promise<Listing> {
  const records = new Map<string, RecordSeen[]>();
  for await (const [transactionId, record] of region.records(prefix)) {
    records.set(transactionId, [...(records.get(transactionId) ?? []), record]);
  }
  return { region, records, versions: await region.auditVersions(prefix) };
}

/** Equal for two regions that have the same records, and the same versions in the same order. */
function fingerprint({ records, versions }: Listing): string {
  const sorted = [...records].sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([sorted, versions]);
}

async function read({ region, records, versions }: Listing): Promise<[string, RegionSeen]> {
  const audits = new Map<string, AuditSeen[]>();
  for (let from = 0; from < versions.length; from += READ_AT_ONCE) {
    const some = versions.slice(from, from + READ_AT_ONCE);
    const contents = await Promise.all(some.map((version) => region.audit(version)));
    for (const [index, { transactionId }] of some.entries()) {
      const content = contents[index];
      if (content === undefined) continue;
      audits.set(transactionId, [...(audits.get(transactionId) ?? []), content]);
    }
  }
  const ids = new Set([...records.keys(), ...audits.keys()]);
  const seen = [...ids].map(
    (id) => [id, { records: records.get(id) ?? [], audits: audits.get(id) ?? [] }] as const,
  );
  return [region.name, new Map(seen)];
}
