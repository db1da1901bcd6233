/**
 * The checker: a history and what was found at its end → what is wrong with it. Knows nothing of how either came about.
 *
 * Each transaction is a case of its own, judged by rules that are named in `evidence.ts`; what docs/decisions/0004 says of the
 * eventual mode is encoded as exactly that: an excuse that needs a race (`race.ts`), and is counted.
 */
import type { Attempt } from '../history/attempt.js';
import { NOTHING_SEEN } from '../history/observation.js';
import { grouped } from './grouped.js';
import { judgeAnswers } from './answers.js';
import { judgeAudits } from './audits.js';
import { judgeEvents } from './events.js';
import type { Case, CaseLook, Evidence, Finding, Limit, Look } from './evidence.js';
import { areRacing } from './race.js';
import { judgeRecords } from './records.js';

export interface Judgement {
  readonly transactions: number;
  readonly violations: readonly Finding[];
  readonly limits: ReadonlyMap<Limit, number>;
}

export function check(evidence: Evidence): Judgement {
  const violations: Finding[] = [];
  const limits = new Map<Limit, number>();
  const cases = casesOf(evidence);
  for (const one of cases) {
    const found = [
      judgeAnswers(one),
      judgeRecords(one),
      judgeAudits(one),
      judgeEvents(one, evidence),
    ];
    violations.push(...found.flatMap((part) => part.violations));
    for (const limit of new Set(found.flatMap((part) => part.limits))) {
      limits.set(limit, (limits.get(limit) ?? 0) + 1);
    }
  }
  return { transactions: cases.length, violations, limits };
}

function casesOf(evidence: Evidence): Case[] {
  const { attempts, healed, finished, delays, consistency } = evidence;
  const byId = grouped(attempts, ({ transactionId }) => transactionId);
  const ids = new Set([...byId.keys(), ...idsOf(healed), ...idsOf(finished)]);
  return [...ids].map((transactionId) => {
    const own = (byId.get(transactionId) ?? []).toSorted((one, other) => one.number - other.number);
    const acknowledged = own.filter(
      ({ outcome, isValid }) => outcome === 'acknowledged' && isValid,
    );
    return {
      transactionId,
      attempts: own,
      sent: own.filter(mayHaveWritten),
      acknowledged,
      healed: caseLook(evidence, healed, transactionId, acknowledged),
      finished: caseLook(evidence, finished, transactionId, acknowledged),
      races: (ones, others) =>
        consistency === 'eventual' &&
        ones.some((one) => others.some((other) => areRacing(one, other, delays))),
    };
  });
}

/** A 409 may come after the write: the other payment can replace a reservation that was ours. */
function mayHaveWritten({ isValid, outcome }: Attempt): boolean {
  return isValid && outcome !== 'failed' && outcome !== 'refused';
}

function idsOf({ observation }: Look): string[] {
  return [...observation.values()].flatMap((region) => [...region.keys()]);
}

function caseLook(
  { regions }: Evidence,
  { atMs, observation }: Look,
  transactionId: string,
  acknowledged: readonly Attempt[],
): CaseLook {
  const seenIn = (region: string) => observation.get(region)?.get(transactionId) ?? NOTHING_SEEN;
  return {
    regions: new Map(regions.map((region) => [region, seenIn(region)])),
    acknowledged: acknowledged.filter(({ completedAtMs }) => completedAtMs <= atMs),
  };
}
