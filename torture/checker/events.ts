/** The rules on payments that were left to Lambda: each comes to an end that somebody hears of, and a right one. */
import { isDeepStrictEqual } from 'node:util';
import type { Attempt } from '../history/attempt.js';
import type { Case, Evidence } from './evidence.js';
import { Findings } from './finding.js';

export function judgeEvents(one: Case, { givenUp, delays }: Evidence): Findings {
  const findings = new Findings(one);
  for (const attempt of one.attempts) {
    const { number, outcome, region, event } = attempt;
    if (outcome === 'accepted') {
      findings.violate('event-lost', `attempt ${number} is neither answered nor given up`);
    }
    if (outcome === 'given-up' && !delays.disturbances.some((fault) => meets(fault, attempt))) {
      findings.violate('given-up-without-fault', `attempt ${number}: ${attempt.detail}`);
    }
    for (const told of givenUp.filter(({ requestId }) => requestId === attempt.requestId)) {
      if (told.region === region && isDeepStrictEqual(told.payload, event)) continue;
      findings.violate(
        'given-up-unlike-sent',
        `attempt ${number} in ${region}: ${told.region} was told ${JSON.stringify(told.payload)}`,
      );
    }
  }
  return findings;
}

/** Any fault, anywhere: in the strong mode one region's is all regions'. */
function meets(
  { beganMs, endedMs }: { readonly beganMs: number; readonly endedMs: number },
  { invokedAtMs, completedAtMs }: Attempt,
): boolean {
  return beganMs <= completedAtMs && endedMs >= invokedAtMs;
}
