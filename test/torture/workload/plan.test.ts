import { describe, expect, test } from '@jest/globals';
import { parseEvent } from '../../../functions/payment-processor/parse-event.js';
import { makePlan } from '../../../torture/workload/plan.js';

const planOf = (seed: number) =>
  makePlan({
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
    for (const isOfRegion of [true, false]) {
      const track = faults.filter(({ fault }) => (fault.kind === 'region-loss') === isOfRegion);
      expect(track.length).toBeGreaterThan(1);
      for (const [index, { atMs }] of track.slice(1).entries()) {
        const before = track[index];
        expect(atMs).toBeGreaterThan((before?.atMs ?? 0) + (before?.forMs ?? 0));
      }
    }
  });
});
