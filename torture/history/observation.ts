/** What is in one region's table and bucket at one moment, read with the administrator's keys. */
import type { Payment } from './attempt.js';

export interface RecordSeen {
  readonly payment: Payment;
  readonly status: string;
  /** The range key: one id under two of them is two payments. */
  readonly rangeKey: string;
}

export interface AuditSeen {
  readonly versionId: string;
  /** `undefined` where the object is not an audit of this id in the form that the handler writes. */
  readonly payment: Payment | undefined;
}

export interface Seen {
  readonly records: readonly RecordSeen[];
  /** Newest first. */
  readonly audits: readonly AuditSeen[];
}

/** By transaction; one of which nothing is there is absent. */
export type RegionSeen = ReadonlyMap<string, Seen>;
/** By region. */
export type Observation = ReadonlyMap<string, RegionSeen>;

export const NOTHING_SEEN: Seen = { records: [], audits: [] };
