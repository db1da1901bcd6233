import { describe, expect, test } from '@jest/globals';
import { parseEvent } from '../../../functions/payment-processor/parse-event.js';
import type { PlannedFault } from '../../../torture/history/fault.js';
import { makePlan } from '../../../torture/workload/plan.js';

const TRACKS = [
  ['region-loss'],
  ['partition', 'pause', 'slow-link'],
  ['throttle', 'slow', 'loseResponse', 'crash'],
  ['skew'],
];

const planOf = (seed: number, witness?: string) =>
  makePlan({
    ...(witness === undefined ? {} : { witness }),
    seed,
    operations: 300,
    ordersPerSecond: 50,
    regions: ['us-east-1', 'us-west-2'],
    prefix: 'p-',
  });

describe('a plan', () => {
  test('follows from its seed', () => {
    expect(planOf(4)).toEqual(planOf(4));
    expect(planOf(5)).not.toEqual(planOf(4));
  });

  test('sends events that mean the payments it says, and bad ones that are refused', () => {
    const { orders } = planOf(4);
    expect(orders.some(({ isValid }) => !isValid)).toBe(true);
    const [good, bad] = [true, false].map((valid) => orders.filter((one) => one.isValid === valid));
    for (const { event, payment, transactionId } of good ?? []) {
      expect(parseEvent(event)).toEqual({ transactionId, ...payment });
    }
    for (const { event } of bad ?? []) expect(() => parseEvent(event)).toThrow();
  });

  test('ends each fault before the next of its kind begins', () => {
    const { faults } = planOf(4);
    for (const kinds of TRACKS) {
      const track = faults.filter(({ fault }) => kinds.includes(fault.kind));
      expect(track.length).toBeGreaterThan(1);
      for (const [index, { atMs }] of track.slice(1).entries()) {
        const before = track[index];
        expect(atMs).toBeGreaterThan((before?.atMs ?? 0) + (before?.forMs ?? 0));
      }
    }
  });

  test('has every kind of fault, within some seeds', () => {
    const kinds = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) => planOf(seed).faults.map(nameOf));
    expect([...new Set(kinds)].sort()).toEqual(
      [
        ...['hang', 'refuse', '503'].map((manner) => `region-loss ${manner}`),
        ...['partition', 'pause', 'slow-link', 'skew', 'crash lambda'],
        ...['dynamodb', 'lambda', 's3'].flatMap((service) => [
          `loseResponse ${service}`,
          `throttle ${service}`,
        ]),
        ...['slow dynamodb', 'slow s3'],
      ].sort(),
    );
  });

  test('makes the witness fail too, where there is one', () => {
    const { faults, drills } = planOf(4, 'us-east-2');
    const told = [...faults.map(({ fault }) => fault), ...drills.flatMap((drill) => drill.faults)];
    const links = told.filter((fault) => JSON.stringify(fault).includes('us-east-2'));
    expect(new Set(links.map(({ kind }) => kind))).toContain('region-loss');
    expect(links.length).toBeGreaterThan(4);
  });
});

function nameOf({ fault }: PlannedFault): string {
  if (fault.kind === 'region-loss') return `${fault.kind} ${fault.manner}`;
  return 'service' in fault ? `${fault.kind} ${fault.service}` : fault.kind;
}
