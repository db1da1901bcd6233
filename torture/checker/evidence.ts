/** What the checker judges: everything that was done, and what was found when it was over. */
import type { Attempt } from '../history/attempt.js';
import type { GivenUp } from '../history/given-up.js';
import type { Observation, Seen } from '../history/observation.js';
import type { Delays } from './race.js';

export interface Evidence {
  readonly consistency: 'eventual' | 'strong';
  readonly regions: readonly string[];
  readonly attempts: readonly Attempt[];
  readonly delays: Delays;
  /** What the on-failure destinations were told. */
  readonly givenUp: readonly GivenUp[];
  /** When all faults were over, clients had retried to the end, and replication had settled. */
  readonly healed: Look;
  /** After every payment found pending was sent once more. */
  readonly finished: Look;
}

export interface Look {
  readonly atMs: number;
  readonly observation: Observation;
}

/** What one look saw of one transaction. */
export interface CaseLook {
  readonly regions: ReadonlyMap<string, Seen>;
  /** Whose payments have to be there: those acknowledged before the look. */
  readonly acknowledged: readonly Attempt[];
}

/** Everything about one transaction id. */
export interface Case {
  readonly transactionId: string;
  readonly attempts: readonly Attempt[];
  /** Those that may have written. */
  readonly sent: readonly Attempt[];
  readonly acknowledged: readonly Attempt[];
  readonly healed: CaseLook;
  readonly finished: CaseLook;
  /** Whether an attempt of `ones` and one of `others` raced each other; never in strong mode. */
  races(ones: readonly Attempt[], others: readonly Attempt[]): boolean;
}

export interface Finding {
  readonly rule: Rule;
  readonly transactionId: string;
  readonly says: string;
}

export type Rule = keyof typeof RULES;

/** What must hold, by the name under which it is reported when it does not. */
export const RULES = {
  lost: 'an acknowledged payment has a record in both regions',
  doubled: 'an id has one record',
  invented: 'a record is of a payment that was sent, and may have been written',
  'two-acknowledged':
    'two payments of one id are acknowledged only if they were sent to both regions within the replication delay',
  replaced:
    'an acknowledged payment is replaced only by one sent to the other region within the replication delay',
  pending:
    'an acknowledged payment is COMPLETED, unless an unfinished attempt in the other region raced it',
  stuck: 'a payment found pending is completed by being sent again',
  diverged: 'both regions tell the same',
  'audit-missing': 'a completed or acknowledged payment has its audit object in both buckets',
  'audit-wrong':
    'the audit object is of the payment in the record, unless attempts with different content raced in both regions',
  'audit-lost':
    'each acknowledged payment is told by a version of the audit object in both buckets',
  'audit-alone': 'an audit object has its record',
  'refused-without-conflict': 'a 409 is given only where another payment used the id',
  'refused-after-acknowledged':
    'an acknowledged payment is acknowledged again, unless another raced it from the other region',
  'event-lost':
    'a payment that Lambda accepted is answered by the function, or told to the on-failure destination',
  'given-up-unlike-sent': 'what is given up is told in its own region, with its whole payload',
  'given-up-without-fault': 'a payment is given up only where a fault met it',
  'refused-valid': 'a good event is not answered 400',
  'accepted-malformed': 'a bad event is answered 400',
  unanswered: 'after the faults a client that goes on asking gets an answer',
  unsettled: 'replication settles after the faults',
} as const;

/** What happened within the documented limits of the eventual mode: counted, no violation. */
export type Limit =
  | 'both acknowledged, the later write won'
  | 'acknowledged, replaced by the other'
  | 'pending until sent again'
  | 'audit object of the other';
