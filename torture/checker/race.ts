/**
 * Races: whether of two attempts in different regions each could have begun before the other's writes had arrived.
 *
 * Where a table is of the eventual mode only a race excuses what would otherwise be a violation (docs/decisions/0004). The
 * checker knows from the history which faults held replication up, so a race is a fact of the run and not a guess.
 */
import type { Attempt } from '../history/attempt.js';
import type { Disturbance, Fault } from '../history/fault.js';

export interface Delays {
  readonly disturbances: readonly Disturbance[];
  /** How long replication takes where no fault says otherwise. */
  readonly lagMs: number;
  /** What a busy machine may add to it. */
  readonly slackMs: number;
  /** For how long a function may work on after its caller lost it. */
  readonly functionTimeoutMs: number;
}

export function areRacing(one: Attempt, other: Attempt, delays: Delays): boolean {
  return (
    one.region !== other.region &&
    one.invokedAtMs <= arrivedAtMs(other, one.region, delays) &&
    other.invokedAtMs <= arrivedAtMs(one, other.region, delays)
  );
}

/** When everything that the attempt wrote is in the other region at the latest. */
export function arrivedAtMs(attempt: Attempt, to: string, delays: Delays): number {
  const { disturbances, lagMs, slackMs, functionTimeoutMs } = delays;
  const writtenMs = attempt.completedAtMs + mayGoOnMs(attempt, functionTimeoutMs);
  // A write that is held up may meet the next fault then, and after that the one after.
  return disturbances
    .toSorted((one, other) => one.beganMs - other.beganMs)
    .filter(({ endedMs }) => endedMs >= writtenMs)
    .reduce(
      (arrivesMs, { fault, beganMs, endedMs }) => {
        if (beganMs > arrivesMs) return arrivesMs;
        if (isCut(fault, attempt.region, to)) return Math.max(arrivesMs, endedMs + lagMs + slackMs);
        const isSlow =
          fault.kind === 'slow-link' && fault.from === attempt.region && fault.to === to;
        return isSlow ? Math.max(arrivesMs, writtenMs + fault.lagMs + slackMs) : arrivesMs;
      },
      writtenMs + lagMs + slackMs,
    );
}

/** How long after its outcome was known an attempt may still write. */
function mayGoOnMs({ outcome, isAsync }: Attempt, functionTimeoutMs: number): number {
  switch (outcome) {
    case 'accepted':
      return Infinity;
    case 'given-up':
      return functionTimeoutMs;
    case 'unknown':
      // It may have been accepted, and nobody knows the name to ask for.
      return isAsync ? Infinity : functionTimeoutMs;
    default:
      return 0;
  }
}

/** Whether nothing replicates that way while the fault is on. What happens to single calls or to clocks holds nothing up. */
function isCut(fault: Fault, from: string, to: string): boolean {
  switch (fault.kind) {
    case 'region-loss':
      return fault.region === from || fault.region === to;
    case 'partition':
      return fault.regions.includes(from) && fault.regions.includes(to);
    case 'pause':
      return fault.from === from && fault.to === to;
    default:
      return false;
  }
}
