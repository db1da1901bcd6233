import { describe, expect, test } from '@jest/globals';
import { SeededMishaps, type Mishap } from '../../../../src/local/aws/faults/mishaps.js';

const LOSS: Mishap = { kind: 'loseResponse', region: 'us-east-1', probability: 0.5 };
const EAST = { region: 'us-east-1', service: 's3' };

/** Which of the next 64 calls in a region are struck. */
function fates(mishaps: SeededMishaps, region = 'us-east-1'): string {
  const fate = () => mishaps.strikes('loseResponse', { region, service: 's3' });
  return Array.from({ length: 64 }, () => (fate() === undefined ? '.' : 'x')).join('');
}

describe('mishaps', () => {
  test('strike the same calls for the same seed, and others for another', () => {
    const seen = [7, 7, 8].map((seed) => {
      const mishaps = new SeededMishaps(seed);
      mishaps.inject(LOSS);
      return fates(mishaps);
    });
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
  });

  test('begin anew when they are seeded again', () => {
    const mishaps = new SeededMishaps(7);
    mishaps.inject(LOSS);
    const first = fates(mishaps);
    expect(fates(mishaps)).not.toBe(first);
    mishaps.reseed(7);
    expect(fates(mishaps)).toBe(first);
  });

  test('of one region do not depend on what happens in another', () => {
    const [alone, together] = [new SeededMishaps(7), new SeededMishaps(7)];
    alone.inject(LOSS);
    together.inject(LOSS);
    together.inject({ ...LOSS, region: 'us-west-2' });
    fates(together, 'us-west-2');
    expect(fates(together)).toBe(fates(alone));
  });

  test('strike about as often as their probability says', () => {
    const mishaps = new SeededMishaps();
    mishaps.inject({ ...LOSS, probability: 0.2 });
    const struck = Array.from({ length: 5000 }, () => mishaps.strikes('loseResponse', EAST));
    const share = struck.filter((strike) => strike !== undefined).length / struck.length;
    expect(Math.abs(share - 0.2)).toBeLessThan(0.02);
  });

  test.each([
    { sentence: 'another region', place: { ...EAST, region: 'us-west-2' } },
    { sentence: 'another service', place: { ...EAST, service: 'lambda' } },
    { sentence: 'another table', place: { ...EAST, service: 'dynamodb', resource: 'ledger' } },
  ])('leave $sentence alone', ({ place }) => {
    const mishaps = new SeededMishaps();
    const table = { service: 'dynamodb', resource: 'payments' };
    mishaps.inject({ kind: 'throttle', region: 'us-east-1', ...table });
    expect(mishaps.strikes('throttle', place)).toBeUndefined();
    expect(mishaps.strikes('throttle', { region: 'us-east-1', ...table })).toBeDefined();
  });

  test('end when they are withdrawn', () => {
    const mishaps = new SeededMishaps();
    mishaps.inject(LOSS);
    mishaps.withdraw({ kind: 'loseResponse', region: 'us-east-1' });
    expect([mishaps.report(), fates(mishaps)]).toEqual([[], '.'.repeat(64)]);
  });
});
