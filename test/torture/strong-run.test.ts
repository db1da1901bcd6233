/** The strong mode, where nothing is excused: the handler holds, and one that is wrong only there is caught. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/support/clock.js';
import { openArena, type Arena } from '../../torture/arena/arena.js';
import { aRun } from './a-run.js';
import { BROKEN_IN_STRONG_MODE, buildBrokenHandlers } from './broken-handlers.js';

/** A machine under load takes many times as long. */
const PATIENCE_MS = 300_000;

let directory: string;
let arena: Arena;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pdr-torture-test-'));
  const handlers = await buildBrokenHandlers(directory, BROKEN_IN_STRONG_MODE);
  arena = await openArena({ clock: systemClock, consistency: 'strong', handlers });
}, PATIENCE_MS);
afterAll(async () => {
  await arena.close();
  await rm(directory, { recursive: true, force: true });
});

describe('a run in the strong mode', () => {
  test(
    'finds nothing against the handler, and excuses nothing',
    async () => {
      const result = await aRun({ arena, directory, name: 'sound', operations: 10 });
      expect(result.violations).toEqual([]);
      expect([...result.limits]).toEqual([]);
      expect(result.attempts.some(({ outcome }) => outcome === 'acknowledged')).toBe(true);
    },
    PATIENCE_MS,
  );

  test.each(BROKEN_IN_STRONG_MODE)(
    'catches a handler that $name',
    async ({ name, drills, violates }) => {
      await arena.installHandler(name);
      const { violations } = await aRun({ arena, directory, name, drills });
      expect(violations.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...violates]));
    },
    PATIENCE_MS,
  );
});
