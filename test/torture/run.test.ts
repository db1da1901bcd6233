/** The checker, checked: on the whole local platform it passes the handler, and catches each broken one. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/support/clock.js';
import { openArena, type Arena } from '../../torture/arena/arena.js';
import { runPlan, type RunResult } from '../../torture/run.js';
import { makePlan } from '../../torture/workload/plan.js';
import { BROKEN_HANDLERS, buildBrokenHandlers } from './broken-handlers.js';

const SOUND = 'sound';

let directory: string;
let arena: Arena;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pdr-torture-test-'));
  const handlers = await buildBrokenHandlers(directory);
  arena = await openArena({ clock: systemClock, handlers });
}, 120_000);
afterAll(async () => {
  await arena.close();
  await rm(directory, { recursive: true, force: true });
});

const SEED = 7;

async function torture(name: string, operations: number): Promise<RunResult> {
  const [one, other] = arena.regions;
  const prefix = `${name}-`;
  const plan = makePlan({
    seed: SEED,
    operations,
    ordersPerSecond: 40,
    regions: [one.name, other.name],
    prefix,
  });
  const historyPath = join(directory, `${prefix}history.jsonl`);
  return runPlan({ arena, plan, prefix, historyPath, clock: systemClock });
}

describe('a run', () => {
  test('finds nothing against the handler, and writes what was done', async () => {
    const result = await torture(SOUND, 40);
    expect(result.violations).toEqual([]);
    const lines = (await readFile(join(directory, `${SOUND}-history.jsonl`), 'utf8'))
      .trim()
      .split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types[0]).toBe('plan');
    expect(types.at(-1)).toBe('verdict');
    expect(types.filter((type) => type === 'invoke')).toHaveLength(result.attempts.length);
    expect(types.filter((type) => type === 'complete')).toHaveLength(result.attempts.length);
    expect(types.filter((type) => type === 'fault-begins').length).toBeGreaterThan(0);
  }, 120_000);

  test.each(BROKEN_HANDLERS)(
    'catches a handler that $name',
    async ({ name, violates }) => {
      await arena.installHandler(name);
      // The drills alone: what a storm finds is chance.
      const { violations } = await torture(name, 0);
      expect(violations.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...violates]));
    },
    120_000,
  );
});
