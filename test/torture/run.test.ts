/** The checker, checked: on the whole local platform it passes the handler, and catches each broken one. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/support/clock.js';
import { openArena, type Arena } from '../../torture/arena/arena.js';
import { readRecordedPlan } from '../../torture/workload/recorded-plan.js';
import { aRun } from './a-run.js';
import { BROKEN_HANDLERS, buildBrokenHandlers } from './broken-handlers.js';

/** A machine under load takes many times as long. */
const PATIENCE_MS = 300_000;

let directory: string;
let arena: Arena;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pdr-torture-test-'));
  const handlers = await buildBrokenHandlers(directory, BROKEN_HANDLERS);
  arena = await openArena({ clock: systemClock, handlers });
}, PATIENCE_MS);
afterAll(async () => {
  await arena.close();
  await rm(directory, { recursive: true, force: true });
});

describe('a run', () => {
  test(
    'finds nothing against the handler, and writes what was done',
    async () => {
      const result = await aRun({ arena, directory, name: 'sound', operations: 20 });
      expect(result.violations).toEqual([]);
      const lines = (await readFile(join(directory, 'sound.jsonl'), 'utf8')).trim().split('\n');
      const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
      expect(readRecordedPlan(join(directory, 'sound.jsonl'))).toMatchObject({
        prefix: 'sound-',
        plan: { seed: result.seed, faults: expect.any(Array), drills: expect.any(Array) },
      });
      expect(types.at(-1)).toBe('verdict');
      expect(types.filter((type) => type === 'invoke')).toHaveLength(result.attempts.length);
      expect(types.filter((type) => type === 'complete')).toHaveLength(result.attempts.length);
      expect(types.filter((type) => type === 'fault-begins')).toHaveLength(
        result.disturbances.length,
      );
    },
    PATIENCE_MS,
  );

  test.each(BROKEN_HANDLERS)(
    'catches a handler that $name',
    async ({ name, drills, violates }) => {
      await arena.installHandler(name);
      const { violations } = await aRun({ arena, directory, name, drills });
      expect(violations.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...violates]));
    },
    PATIENCE_MS,
  );
});
