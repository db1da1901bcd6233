/** The faults of the storm: on tracks of their own, so that a region may be lost while a link is bad, and each track ends one before the next. */
import type { CallFault, Fault, LinkFault, PlannedFault } from '../history/fault.js';
import type { Random } from './random.js';

export interface FaultOptions {
  readonly random: Random;
  readonly regions: readonly [string, string];
  /** Of a table in the strong mode. */
  readonly witness?: string;
  readonly durationMs: number;
}

type Range = readonly [least: number, most: number];

interface Track {
  readonly gapMs: Range;
  readonly choose: (options: FaultOptions, isLong: boolean) => Fault;
}

const SHORT_MS: Range = [150, 800];
const LONG_MS: Range = [1500, 4000];
/** How many faults are long ones, where the run is. */
const LONG_SHARE = 0.1;
const MIN_RUN_FOR_LONG_MS = 20_000;

/** Either way. Signatures are refused beyond five minutes. */
const MOST_SKEW_MS = 60_000;
/** In a long fault calls are slower than the handler's clients wait: they are done after their caller gave them up. */
const SLOW_MS: Readonly<Record<'short' | 'long', Range>> = { short: [50, 500], long: [2200, 3000] };

const CALLS = {
  'dynamodb throttle': 2,
  's3 throttle': 2,
  'lambda throttle': 1,
  'dynamodb slow': 1,
  's3 slow': 1,
  'dynamodb loseResponse': 2,
  's3 loseResponse': 1,
  'lambda loseResponse': 2,
  'lambda crash': 3,
} as const;

const TRACKS: readonly Track[] = [
  { gapMs: [200, 900], choose: regionFault },
  { gapMs: [200, 900], choose: linkFault },
  { gapMs: [50, 500], choose: callFault },
  { gapMs: [300, 1200], choose: clockFault },
];

/** In order of time. */
export function planFaults(options: FaultOptions): PlannedFault[] {
  const faults = TRACKS.flatMap((track) => planTrack(options, track));
  return faults.toSorted((one, other) => one.atMs - other.atMs);
}

function planTrack(options: FaultOptions, { gapMs, choose }: Track): PlannedFault[] {
  const { random, durationMs } = options;
  const faults: PlannedFault[] = [];
  let atMs = random.whole(...gapMs);
  while (atMs < durationMs) {
    const isLong = durationMs >= MIN_RUN_FOR_LONG_MS && random.isLucky(LONG_SHARE);
    const forMs = random.whole(...(isLong ? LONG_MS : SHORT_MS));
    faults.push({ atMs, forMs, fault: choose(options, isLong) });
    atMs += forMs + random.whole(...gapMs);
  }
  return faults;
}

function regionFault({ random, regions, witness }: FaultOptions): Fault {
  const region = witness !== undefined && random.isLucky(0.2) ? witness : random.pick(regions);
  return { kind: 'region-loss', region, manner: random.pick(['refuse', 'hang', '503']) };
}

function linkFault({ random, regions, witness }: FaultOptions): Fault {
  const [one, other] = linkOf(random, regions, witness);
  const [from, to] = random.isLucky(0.5) ? [one, other] : [other, one];
  switch (random.pick<LinkFault['kind']>(['partition', 'partition', 'pause', 'slow-link'])) {
    case 'partition':
      return { kind: 'partition', regions: [one, other] };
    case 'pause':
      return { kind: 'pause', from, to };
    case 'slow-link':
      return { kind: 'slow-link', from, to, lagMs: random.whole(200, 1000) };
  }
}

function linkOf(
  random: Random,
  regions: readonly [string, string],
  witness: string | undefined,
): readonly [string, string] {
  if (witness === undefined || random.isLucky(0.5)) return regions;
  return [random.pick(regions), witness];
}

function clockFault({ random, regions }: FaultOptions): Fault {
  const byMs = random.whole(1, random.isLucky(0.5) ? MOST_SKEW_MS : 1000);
  const aheadMs = random.isLucky(0.5) ? byMs : -byMs;
  return { kind: 'skew', region: random.pick(regions), aheadMs };
}

function callFault({ random, regions }: FaultOptions, isLong: boolean): Fault {
  const [service, kind] = random.weighted(CALLS).split(' ') as [
    CallFault['service'],
    CallFault['kind'],
  ];
  const struck = { kind, region: random.pick(regions), service };
  const probability = random.whole(2, 10) / 10;
  switch (kind) {
    case 'throttle':
    case 'loseResponse':
      return { ...struck, probability };
    case 'slow':
      return {
        ...struck,
        probability,
        withinMs: random.whole(...SLOW_MS[isLong ? 'long' : 'short']),
      };
    case 'crash':
      return { ...struck, probability, withinMs: random.whole(5, 80) };
  }
}
