/**
 * The clocks of the regions: the platform's own, each ahead or behind by the skew that it was given.
 *
 * What a region stamps or judges by time of day asks its own clock: versions of items, dates of objects, signatures. How long
 * something takes (lag, pauses, periods) is the platform's to measure: a clock that is wrong still runs at the right pace.
 */
import type { Clock } from '../../../support/clock.js';
import { knownRegion } from './known-region.js';

/** Beyond this much AWS itself refuses a signature: no service runs on such a clock for long. */
const MOST_SKEW_MS = 24 * 60 * 60 * 1000;

export class RegionClocks {
  private readonly skewMs = new Map<string, number>();
  private readonly skewed = new Map<string, Clock>();

  constructor(private readonly clock: Clock) {}

  of(region: string): Clock {
    return this.skewed.get(region) ?? this.clock;
  }

  /** Milliseconds ahead (or, below 0, behind); 0 sets it right. Throws `RangeError`. */
  skew(region: string, aheadMs: number): void {
    knownRegion(region);
    if (!Number.isInteger(aheadMs) || Math.abs(aheadMs) > MOST_SKEW_MS) {
      throw new RangeError(`skew is a whole number of milliseconds within a day: ${aheadMs}`);
    }
    this.skewMs.delete(region);
    this.skewed.delete(region);
    if (aheadMs === 0) return;
    const { clock } = this;
    this.skewMs.set(region, aheadMs);
    this.skewed.set(region, {
      now: () => clock.now() + aheadMs,
      sleep: (ms, signal) => clock.sleep(ms, signal),
    });
  }

  clear(): void {
    this.skewMs.clear();
    this.skewed.clear();
  }

  report(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.skewMs].sort());
  }
}
