import { COMMERCIAL_REGIONS } from '../gateway/regions.js';

/** The region itself, if there is one of that name. Throws `RangeError`. */
export function knownRegion(region: string): string {
  if (!COMMERCIAL_REGIONS.includes(region)) throw new RangeError(`unknown region: ${region}`);
  return region;
}
