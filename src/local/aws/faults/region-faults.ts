/**
 * The faults that can be switched on while the platform runs: one place for tests, the admin API and the command line.
 *
 * They act where they would really happen: at the addresses that clients call, on the links between regions, in the clocks of
 * the regions, and on single calls (`mishaps.ts`).
 */
import type { Addresses } from '../gateway/addresses.js';
import { knownRegion } from './known-region.js';
import type { Mishap, SeededMishaps } from './mishaps.js';
import type { RegionClocks } from './region-clocks.js';
import { OUTAGES, type NetworkReport, type Outage, type RegionNetwork } from './region-network.js';

export interface Faults {
  /**
   * Takes a region down: its functions stop, nothing replicates from or to it, and its callers meet the manner.
   * @param manner `refuse` (default): connections are refused; `hang`: calls are never answered; `503`: every service says so
   */
  takeDown(region: string, manner?: Outage): Promise<void>;
  /** The region answers again, at the address it had. */
  bringUp(region: string): Promise<void>;
  /** Cuts or restores replication between two regions, both ways. */
  partition(one: string, other: string): void;
  heal(one: string, other: string): void;
  /** Stops replication from one region to another, one way; what is written meanwhile arrives after `resume`. */
  pause(from: string, to: string): void;
  resume(from: string, to: string): void;
  /** How long replication from one region to another takes, in milliseconds. */
  setLag(from: string, to: string, lagMs: number): void;
  /** Sets a region's clock ahead (or, below 0, behind) by this much. */
  skew(region: string, aheadMs: number): void;
  inject(mishap: Mishap): void;
  withdraw(place: Pick<Mishap, 'kind' | 'region' | 'service' | 'resource'>): void;
  /** Begins every sequence of chances anew: the same seed and order of calls give the same mishaps. */
  reseed(seed: number): void;
  /** Ends every fault there is. The seed stays. */
  healAll(): Promise<void>;
  report(): FaultReport;
}

export interface FaultReport extends NetworkReport {
  /** Region → how far its clock is ahead. */
  readonly skewMs: Readonly<Record<string, number>>;
  readonly mishaps: readonly Mishap[];
  readonly seed: number;
}

export interface FaultyParts {
  readonly network: RegionNetwork;
  readonly addresses: Addresses;
  readonly clocks: RegionClocks;
  readonly mishaps: SeededMishaps;
}

export function createFaults({ network, addresses, clocks, mishaps }: FaultyParts): Faults {
  const takeDown = async (region: string, manner: Outage) => {
    if (!OUTAGES.includes(manner)) {
      throw new RangeError(`manner must be one of ${OUTAGES.join(', ')}`);
    }
    network.setDown(region, manner);
    await (manner === 'refuse' ? addresses.closeRegion(region) : addresses.openRegion(region));
  };
  const bringUp = async (region: string) => {
    await addresses.openRegion(knownRegion(region));
    network.setUp(region);
  };
  return {
    takeDown: (region, manner = 'refuse') => takeDown(region, manner),
    bringUp,
    partition: (one, other) => network.setConnected(one, other, false),
    heal: (one, other) => network.setConnected(one, other, true),
    pause: (from, to) => network.setPaused(from, to, true),
    resume: (from, to) => network.setPaused(from, to, false),
    setLag: (from, to, lagMs) => network.setLag(from, to, lagMs),
    skew: (region, aheadMs) => clocks.skew(region, aheadMs),
    inject: (mishap) => mishaps.inject(mishap),
    withdraw: (place) => mishaps.withdraw(place),
    reseed: (seed) => mishaps.reseed(seed),
    healAll: async () => {
      mishaps.clear();
      clocks.clear();
      network.healLinks();
      for (const region of network.report().down) await bringUp(region);
    },
    report: () => ({
      ...network.report(),
      skewMs: clocks.report(),
      mishaps: mishaps.report(),
      seed: mishaps.seed,
    }),
  };
}
