/**
 * Races: whether of two attempts in different regions each could have begun before the other's writes had arrived.
 *
 * Where a table is of the eventual mode only a race excuses what would otherwise be a violation (docs/decisions/0004). The
 * checker knows from the history which faults held replication up, so a race is a fact of the run and not a guess.
 */
import type { Attempt } from '../history/attempt.js';
import type { Disturbance } from '../history/fault.js';

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
  const isOver = attempt.outcome !== 'unknown';
  const writtenMs = attempt.completedAtMs + (isOver ? 0 : delays.functionTimeoutMs);
  const slowest = delays.disturbances
    .filter(({ beganMs, endedMs }) => endedMs >= writtenMs && beganMs <= writtenMs + delays.slackMs)
    .reduce((lagMs, { fault }) => {
      const isOurs = fault.kind === 'slow-link' && fault.from === attempt.region && fault.to === to;
      return isOurs ? Math.max(lagMs, fault.lagMs) : lagMs;
    }, delays.lagMs);
  return afterCuts(writtenMs + slowest + delays.slackMs, writtenMs, delays);
}

/** A write that meets a cut on its way arrives after it; and what meets the next one then, after that. */
function afterCuts(
  atMs: number,
  sinceMs: number,
  { disturbances, slackMs, lagMs }: Delays,
): number {
  const cuts = disturbances
    .filter(({ fault }) => fault.kind !== 'slow-link')
    .toSorted((one, other) => one.beganMs - other.beganMs);
  return cuts.reduce(
    (arrives, { beganMs, endedMs }) =>
      beganMs <= arrives && endedMs >= sinceMs
        ? Math.max(arrives, endedMs + lagMs + slackMs)
        : arrives,
    atMs,
  );
}
