/**
 * What can be wished of the faults over the admin API: each action with the members it reads.
 *
 * The members: `region`; `regions` (two of them); `from`, `to`, `lagMs`; `manner`; `skewMs`; `seed`; and for `inject` and
 * `withdraw` those of a `Mishap`: `kind`, `region`, `service`, `resource`, `probability`, `withinMs`.
 */
import type { MishapKind } from '../cloud.js';
import type { Mishap } from '../faults/mishaps.js';
import type { FaultReport, Faults } from '../faults/region-faults.js';
import type { Outage } from '../faults/region-network.js';

type Wish = Readonly<Record<string, unknown>>;
/** What it reads, it checks by type; what the values mean, the faults check themselves. */
type Action = (faults: Faults, wish: Wish) => void | Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = {
  takeDown: (faults, wish) =>
    faults.takeDown(text(wish, 'region'), optional(wish, 'manner', text) as Outage | undefined),
  bringUp: (faults, wish) => faults.bringUp(text(wish, 'region')),
  partition: (faults, wish) => faults.partition(...pair(wish)),
  heal: (faults, wish) => faults.heal(...pair(wish)),
  pause: (faults, wish) => faults.pause(text(wish, 'from'), text(wish, 'to')),
  resume: (faults, wish) => faults.resume(text(wish, 'from'), text(wish, 'to')),
  setLag: (faults, wish) =>
    faults.setLag(text(wish, 'from'), text(wish, 'to'), number(wish, 'lagMs')),
  skew: (faults, wish) => faults.skew(text(wish, 'region'), number(wish, 'skewMs')),
  inject: (faults, wish) => faults.inject(mishapOf(wish)),
  withdraw: (faults, wish) => faults.withdraw(mishapOf(wish)),
  reseed: (faults, wish) => faults.reseed(number(wish, 'seed')),
  healAll: (faults) => faults.healAll(),
};

const MEMBERS: readonly string[] = [
  ...['action', 'region', 'regions', 'from', 'to', 'lagMs', 'manner', 'skewMs', 'seed'],
  ...['kind', 'service', 'resource', 'probability', 'withinMs'],
];

/** Throws `RangeError` for a wish that cannot be fulfilled; nothing has changed then. */
export async function switchFault(wish: Wish, faults: Faults): Promise<FaultReport> {
  const act = isAction(wish.action) ? ACTIONS[wish.action] : undefined;
  if (act === undefined) {
    throw new RangeError(`action must be one of ${Object.keys(ACTIONS).join(', ')}`);
  }
  const unknown = Object.keys(wish).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw new RangeError(`there is no member ${unknown}`);
  await act(faults, wish);
  return faults.report();
}

function isAction(name: unknown): name is string {
  return typeof name === 'string' && Object.hasOwn(ACTIONS, name);
}

function mishapOf(wish: Wish): Mishap {
  return {
    kind: text(wish, 'kind') as MishapKind,
    region: text(wish, 'region'),
    ...only('service', optional(wish, 'service', text)),
    ...only('resource', optional(wish, 'resource', text)),
    ...only('probability', optional(wish, 'probability', number)),
    ...only('withinMs', optional(wish, 'withinMs', number)),
  };
}

function only<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;
}

function optional<T>(wish: Wish, name: string, read: (wish: Wish, name: string) => T) {
  return wish[name] === undefined ? undefined : read(wish, name);
}

function text(wish: Wish, name: string): string {
  const value = wish[name];
  if (typeof value === 'string') return value;
  throw new RangeError(`${name} must be a string`);
}

function number(wish: Wish, name: string): number {
  const value = wish[name];
  if (typeof value === 'number') return value;
  throw new RangeError(`${name} must be a number`);
}

function pair(wish: Wish): [string, string] {
  const { regions } = wish;
  if (Array.isArray(regions) && regions.length === 2) {
    const [one, other] = regions as unknown[];
    if (typeof one === 'string' && typeof other === 'string') return [one, other];
  }
  throw new RangeError('regions must be two different regions');
}
