/**
 * The regions and the links between them: what is down and how it shows, what is cut or paused, how slow each link is.
 *
 * Services ask it before data crosses; whoever waits for a link to heal listens to changes. Faults belong to the running
 * process: after a restart every region is up and every link whole.
 */
import type { Network } from '../cloud.js';
import { knownRegion } from './known-region.js';

/** As far apart as two coasts: AWS replicates "typically within a second", a laptop's demonstration should not wait for it. */
export const DEFAULT_LAG_MS = 50;

/** How a region that is down meets its callers: no connection, no answer ever, or a 503 from each service. */
export const OUTAGES = ['refuse', 'hang', '503'] as const;
export type Outage = (typeof OUTAGES)[number];

export interface NetworkReport {
  readonly down: readonly string[];
  /** In which manner each region is down. */
  readonly outages: Readonly<Record<string, Outage>>;
  readonly partitions: readonly (readonly [string, string])[];
  /** Links on which replication stands still, as `from>to`. */
  readonly paused: readonly string[];
  /** `from>to` → milliseconds, where it is not the default. */
  readonly lagMs: Readonly<Record<string, number>>;
}

export class RegionNetwork implements Network {
  private readonly outages = new Map<string, Outage>();
  private readonly cut = new Set<string>();
  private readonly paused = new Set<string>();
  private readonly lags = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  isUp(region: string): boolean {
    return !this.outages.has(region);
  }

  /** How the region is down; `undefined` while it is up. */
  outageOf(region: string): Outage | undefined {
    return this.outages.get(region);
  }

  isConnected(from: string, to: string): boolean {
    return (
      this.isUp(from) &&
      this.isUp(to) &&
      !this.cut.has(linkOf(from, to)) &&
      !this.paused.has(wayOf(from, to))
    );
  }

  lagMs(from: string, to: string): number {
    return this.lags.get(wayOf(from, to)) ?? DEFAULT_LAG_MS;
  }

  onChange(handler: () => void): () => void {
    this.listeners.add(handler);
    return () => this.listeners.delete(handler);
  }

  setUp(region: string): void {
    this.outages.delete(knownRegion(region));
    this.changed();
  }

  setDown(region: string, manner: Outage): void {
    this.outages.set(knownRegion(region), manner);
    this.changed();
  }

  setConnected(one: string, other: string, isConnected: boolean): void {
    const link = linkOf(...knownPair(one, other));
    if (isConnected) this.cut.delete(link);
    else this.cut.add(link);
    this.changed();
  }

  setPaused(from: string, to: string, isPaused: boolean): void {
    const way = wayOf(...knownPair(from, to));
    if (isPaused) this.paused.add(way);
    else this.paused.delete(way);
    this.changed();
  }

  /** The default is no fault: it is not reported. */
  setLag(from: string, to: string, lagMs: number): void {
    if (!Number.isFinite(lagMs) || lagMs < 0)
      throw new RangeError(`lag must be 0 or more: ${lagMs}`);
    const way = wayOf(...knownPair(from, to));
    if (lagMs === DEFAULT_LAG_MS) this.lags.delete(way);
    else this.lags.set(way, lagMs);
    this.changed();
  }

  /** Every link is whole, and as fast as without faults. */
  healLinks(): void {
    for (const faults of [this.cut, this.paused, this.lags]) faults.clear();
    this.changed();
  }

  report(): NetworkReport {
    return {
      down: [...this.outages.keys()].sort(),
      outages: Object.fromEntries([...this.outages].sort()),
      partitions: [...this.cut].sort().map((link) => link.split('|') as [string, string]),
      paused: [...this.paused].sort(),
      lagMs: Object.fromEntries([...this.lags].sort()),
    };
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function linkOf(one: string, other: string): string {
  return [one, other].sort().join('|');
}

function wayOf(from: string, to: string): string {
  return `${from}>${to}`;
}

function knownPair(one: string, other: string): [string, string] {
  if (one === other) throw new RangeError(`a link has two different regions: ${one}`);
  return [knownRegion(one), knownRegion(other)];
}
