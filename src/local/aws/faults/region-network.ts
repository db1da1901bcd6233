/**
 * The regions and the links between them: what is down, what is cut, how slow each link is.
 *
 * Services ask it before data crosses; whoever waits for a link to heal listens to changes. Faults belong to the running
 * process: after a restart every region is up and every link whole.
 */
import { COMMERCIAL_REGIONS } from '../gateway/regions.js';
import type { Network } from '../cloud.js';

/** As far apart as two coasts: AWS replicates "typically within a second", a laptop's demonstration should not wait for it. */
export const DEFAULT_LAG_MS = 50;

export interface FaultReport {
  readonly down: readonly string[];
  readonly partitions: readonly (readonly [string, string])[];
  /** `from>to` → milliseconds, where it is not the default. */
  readonly lagMs: Readonly<Record<string, number>>;
}

export class RegionNetwork implements Network {
  private readonly down = new Set<string>();
  private readonly cut = new Set<string>();
  private readonly lags = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  isUp(region: string): boolean {
    return !this.down.has(region);
  }

  isConnected(from: string, to: string): boolean {
    return this.isUp(from) && this.isUp(to) && !this.cut.has(linkOf(from, to));
  }

  lagMs(from: string, to: string): number {
    return this.lags.get(`${from}>${to}`) ?? DEFAULT_LAG_MS;
  }

  onChange(handler: () => void): () => void {
    this.listeners.add(handler);
    return () => this.listeners.delete(handler);
  }

  setUp(region: string, isUp: boolean): void {
    known(region);
    if (isUp) this.down.delete(region);
    else this.down.add(region);
    this.changed();
  }

  setConnected(one: string, other: string, isConnected: boolean): void {
    const link = linkOf(known(one), known(other));
    if (isConnected) this.cut.delete(link);
    else this.cut.add(link);
    this.changed();
  }

  setLag(from: string, to: string, lagMs: number): void {
    if (!Number.isFinite(lagMs) || lagMs < 0)
      throw new RangeError(`lag must be 0 or more: ${lagMs}`);
    this.lags.set(`${known(from)}>${known(to)}`, lagMs);
    this.changed();
  }

  report(): FaultReport {
    return {
      down: [...this.down].sort(),
      partitions: [...this.cut].sort().map((link) => link.split('|') as [string, string]),
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

function known(region: string): string {
  if (!COMMERCIAL_REGIONS.includes(region)) throw new RangeError(`unknown region: ${region}`);
  return region;
}
