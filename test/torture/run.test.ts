/** The checker, checked: on the whole local platform it passes the handler, and catches each broken one. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/support/clock.js';
import { openArena, type Arena, type Consistency } from '../../torture/arena/arena.js';
import type { RunResult } from '../../torture/run.js';
import { readRecordedPlan } from '../../torture/workload/recorded-plan.js';
import { aRun } from './a-run.js';
import { BROKEN_HANDLERS, BROKEN_IN_STRONG_MODE, buildBrokenHandlers } from './broken-handlers.js';
import type { BrokenHandler } from './broken-handlers.js';

/** A machine under load takes many times as long. */
const PATIENCE_MS = 300_000;

interface Mode {
  readonly consistency: Consistency;
  readonly broken: readonly BrokenHandler[];
  readonly operations: number;
}

const MODES: readonly Mode[] = [
  { consistency: 'eventual', broken: BROKEN_HANDLERS, operations: 20 },
  { consistency: 'strong', broken: BROKEN_IN_STRONG_MODE, operations: 10 },
];

interface Tried {
  readonly arena: Arena;
  readonly directory: string;
  /** With the handler as it is. */
  readonly sound: RunResult;
}

const tried = new Map<Consistency, Tried>();
/** Both modes at once: a run waits more than it works. */
beforeAll(async () => {
  await Promise.all(
    MODES.map(async ({ consistency, broken, operations }) => {
      const directory = await mkdtemp(join(tmpdir(), 'pdr-torture-test-'));
      const handlers = await buildBrokenHandlers(directory, broken);
      const arena = await openArena({ clock: systemClock, consistency, handlers });
      const sound = await aRun({ arena, directory, name: 'sound', operations });
      tried.set(consistency, { arena, directory, sound });
    }),
  );
}, PATIENCE_MS);
afterAll(async () => {
  for (const { arena, directory } of tried.values()) {
    await arena.close();
    await rm(directory, { recursive: true, force: true });
  }
});

describe.each(MODES)('a run in the mode $consistency', ({ consistency, broken }) => {
  let arena: Arena;
  let directory: string;
  let sound: RunResult;
  beforeAll(() => {
    const found = tried.get(consistency);
    if (found === undefined) throw new TypeError('there was no run');
    ({ arena, directory, sound } = found);
  });

  test('finds nothing against the handler, and excuses nothing where the mode promises all', () => {
    expect(sound.violations).toEqual([]);
    expect(consistency === 'strong' ? [...sound.limits] : []).toEqual([]);
  });

  test('has payments of every end, whether their payers waited or not', () => {
    const ends = (isAsync: boolean) =>
      new Set(sound.attempts.filter((one) => one.isAsync === isAsync).map((one) => one.outcome));
    expect(ends(false)).toEqual(new Set([...ends(false), 'acknowledged', 'conflict', 'unknown']));
    expect(ends(true)).toEqual(
      new Set([...ends(true), 'acknowledged', 'conflict', 'refused', 'given-up']),
    );
  });

  test('writes what was done', async () => {
    const path = join(directory, 'sound.jsonl');
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    const count = (type: string) => types.filter((one) => one === type).length;
    expect(readRecordedPlan(path)).toMatchObject({
      prefix: 'sound-',
      plan: { seed: sound.seed, faults: expect.any(Array), drills: expect.any(Array) },
    });
    expect(types.at(-1)).toBe('verdict');
    expect([count('invoke'), count('complete'), count('resolved'), count('fault-begins')]).toEqual([
      sound.attempts.length,
      sound.attempts.length,
      sound.attempts.filter(({ requestId }) => requestId !== undefined).length,
      sound.disturbances.length,
    ]);
  });

  test.each(broken)(
    'catches a handler that $name',
    async ({ name, drills, violates }) => {
      await arena.installHandler(name);
      const { violations } = await aRun({ arena, directory, name, drills });
      expect(violations.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...violates]));
    },
    PATIENCE_MS,
  );
});
