import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { History } from '../../../torture/history/history.js';
import { makePlan } from '../../../torture/workload/plan.js';
import { readRecordedPlan } from '../../../torture/workload/recorded-plan.js';

const directory = mkdtempSync(join(tmpdir(), 'pdr-plan-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('a recorded plan', () => {
  test('is the plan that was made from the seed, to the last event', () => {
    const regions = ['us-east-1', 'us-west-2'] as const;
    const plan = makePlan({ seed: 3, operations: 200, ordersPerSecond: 40, regions, prefix: 'p-' });
    const path = join(directory, 'seed-3.jsonl');
    const history = new History(path, () => 0);
    history.note('plan', { plan, prefix: 'p-', consistency: 'strong' });
    history.note('drill', { name: 'first payments' });
    history.close();
    expect(readRecordedPlan(path)).toEqual({ plan, prefix: 'p-', consistency: 'strong' });
  });

  test.each(['', 'seed 3: clean', '{"type":"invoke","number":1}', 'null'])(
    'is not in a file that begins with %j',
    (line) => {
      const path = join(directory, 'other');
      writeFileSync(path, `${line}\n`);
      expect(() => readRecordedPlan(path)).toThrow(RangeError);
    },
  );
});
