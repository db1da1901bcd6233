/**
 * Mishaps: what can happen to single calls in a region: throttled, slow, answered into the void, or the function killed under them.
 *
 * The gateway and the services ask here at the point where each can happen; while none is switched on, asking costs one
 * comparison. Which calls are struck follows from the seed and the order of the calls, fault by fault.
 */
import type { MishapKind, Mishaps } from '../cloud.js';
import { Chance } from './chance.js';
import { knownRegion } from './known-region.js';

const MISHAP_KINDS = ['throttle', 'slow', 'loseResponse', 'crash'] as const;

export interface Mishap {
  readonly kind: MishapKind;
  readonly region: string;
  /** The signing name: `dynamodb`, `lambda`, `s3`, … Without it every service of the region that can have this mishap. */
  readonly service?: string;
  /** A table's, a function's or a bucket's name, for throttles and crashes. Without it all of them. */
  readonly resource?: string;
  /** How many of the calls are struck: above 0, up to 1. @default 1 */
  readonly probability?: number;
  /** How long a slow call waits before the service sees it; the latest moment of an invocation at which a crash comes. */
  readonly withinMs?: number;
}

/** Which services can have a mishap; the others would never ask about it. `undefined`: all. */
const SERVICES: Readonly<Record<MishapKind, readonly string[] | undefined>> = {
  throttle: ['dynamodb', 'lambda', 's3'],
  slow: undefined,
  loseResponse: undefined,
  crash: ['lambda'],
};
const ALL_SERVICES = ['dynamodb', 'iam', 'lambda', 'logs', 'monitoring', 's3', 'sns', 'sqs', 'sts'];
const TIMED: readonly MishapKind[] = ['slow', 'crash'];
const OF_RESOURCES: readonly MishapKind[] = ['throttle', 'crash'];
/** The longest that a Lambda function runs; no client waits longer for anything. */
const LONGEST_MS = 900_000;
const DEFAULT_SEED = 1;

interface Active {
  readonly mishap: Mishap;
  chance: Chance;
}

type Place = Parameters<Mishaps['strikes']>[1];

export class SeededMishaps implements Mishaps {
  private readonly active = new Map<string, Active>();
  private seedNow: number;

  constructor(seed = DEFAULT_SEED) {
    this.seedNow = knownSeed(seed);
  }

  get seed(): number {
    return this.seedNow;
  }

  strikes(kind: MishapKind, place: Place): { readonly atMs: number } | undefined {
    if (this.active.size === 0) return undefined;
    for (const { mishap, chance } of this.active.values()) {
      if (mishap.kind !== kind || !covers(mishap, place)) continue;
      if (chance.next() >= (mishap.probability ?? 1)) continue;
      const { withinMs = 0 } = mishap;
      return { atMs: kind === 'crash' ? Math.floor(chance.next() * withinMs) : withinMs };
    }
    return undefined;
  }

  /** Switches a mishap on; one of the same kind at the same place is replaced. Throws `RangeError` where it could never strike. */
  inject(mishap: Mishap): void {
    check(mishap);
    const key = keyOf(mishap);
    this.active.set(key, { mishap, chance: new Chance(this.seedNow, key) });
  }

  /** Switches off those of a kind at exactly this place; nothing where there are none. */
  withdraw(place: Pick<Mishap, 'kind' | 'region' | 'service' | 'resource'>): void {
    this.active.delete(keyOf(place));
  }

  clear(): void {
    this.active.clear();
  }

  /** Every sequence begins anew, with this seed. */
  reseed(seed: number): void {
    this.seedNow = knownSeed(seed);
    for (const [key, active] of this.active) active.chance = new Chance(seed, key);
  }

  report(): readonly Mishap[] {
    return [...this.active].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { mishap }]) => mishap);
  }
}

function covers(mishap: Mishap, { region, service, resource }: Place): boolean {
  return (
    mishap.region === region &&
    (mishap.service === undefined || mishap.service === service) &&
    (mishap.resource === undefined || mishap.resource === resource)
  );
}

function keyOf({ kind, region, service, resource }: Omit<Mishap, 'probability'>): string {
  return [kind, region, service ?? '*', resource ?? '*'].join(' ');
}

function check({ kind, region, service, resource, probability = 1, withinMs }: Mishap): void {
  if (!MISHAP_KINDS.includes(kind)) {
    throw new RangeError(`kind must be one of ${MISHAP_KINDS.join(', ')}`);
  }
  knownRegion(region);
  const services = SERVICES[kind] ?? ALL_SERVICES;
  if (service !== undefined && !services.includes(service)) {
    throw new RangeError(`${kind} can strike ${services.join(', ')}; there is no ${service}`);
  }
  if (resource !== undefined && !OF_RESOURCES.includes(kind)) {
    throw new RangeError(`${kind} strikes whole services: name no resource`);
  }
  if (!(probability > 0 && probability <= 1)) {
    throw new RangeError(`probability must be above 0 and at most 1: ${probability}`);
  }
  const isTimed = TIMED.includes(kind);
  if (isTimed && !(withinMs !== undefined && withinMs >= 0 && withinMs <= LONGEST_MS)) {
    throw new RangeError(`${kind} needs withinMs, from 0 to ${LONGEST_MS}`);
  }
  if (!isTimed && withinMs !== undefined) throw new RangeError(`${kind} takes no withinMs`);
}

function knownSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new RangeError(`a seed is a whole number: ${seed}`);
}
