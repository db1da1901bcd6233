/** Faults come on two tracks, so that a region may be lost while a link is bad, and each track ends one before the next. */
import type { Fault, PlannedFault } from '../history/fault.js';
import type { Random } from './random.js';

export interface FaultOptions {
  readonly random: Random;
  readonly regions: readonly [string, string];
  readonly durationMs: number;
}

type Range = readonly [least: number, most: number];

const GAP_MS: Range = [200, 900];
const SHORT_MS: Range = [150, 800];
const LONG_MS: Range = [1500, 4000];
/** How many faults are long ones, where the run is. */
const LONG_SHARE = 0.1;
const MIN_RUN_FOR_LONG_MS = 20_000;

export function planFaults(options: FaultOptions): PlannedFault[] {
  const faults = [...planTrack(options, regionFault), ...planTrack(options, linkFault)];
  return faults.toSorted((one, other) => one.atMs - other.atMs);
}

function planTrack(
  options: FaultOptions,
  choose: (options: FaultOptions) => Fault,
): PlannedFault[] {
  const { random, durationMs } = options;
  const faults: PlannedFault[] = [];
  let atMs = random.whole(...GAP_MS);
  while (atMs < durationMs) {
    const isLong = durationMs >= MIN_RUN_FOR_LONG_MS && random.isLucky(LONG_SHARE);
    const forMs = random.whole(...(isLong ? LONG_MS : SHORT_MS));
    faults.push({ atMs, forMs, fault: choose(options) });
    atMs += forMs + random.whole(...GAP_MS);
  }
  return faults;
}

function regionFault({ random, regions }: FaultOptions): Fault {
  return { kind: 'region-loss', region: random.pick(regions) };
}

function linkFault({ random, regions }: FaultOptions): Fault {
  if (random.isLucky(0.5)) return { kind: 'partition', regions };
  const [one, other] = regions;
  const [from, to] = random.isLucky(0.5) ? [one, other] : [other, one];
  return { kind: 'slow-link', from, to, lagMs: random.whole(200, 1000) };
}
