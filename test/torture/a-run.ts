/** Runs in an arena, as tests want them: with the drills that they name, and with or without a storm. */
import { join } from 'node:path';
import { systemClock } from '../../src/support/clock.js';
import { placesOf, type Arena } from '../../torture/arena/arena.js';
import { runPlan, type RunResult } from '../../torture/run.js';
import type { DrillName } from '../../torture/workload/drills.js';
import { makePlan } from '../../torture/workload/plan.js';

export interface ARun {
  readonly arena: Arena;
  /** Where the history is written, as `NAME.jsonl`. */
  readonly directory: string;
  /** Told apart from other runs in the arena by this. */
  readonly name: string;
  /** @default 0: no storm, as what a storm finds is chance */
  readonly operations?: number;
  /** @default all */
  readonly drills?: readonly DrillName[];
}

const SEED = 7;

export function aRun({ arena, directory, name, operations = 0, drills }: ARun): Promise<RunResult> {
  const prefix = `${name}-`;
  const plan = makePlan({
    ...placesOf(arena),
    seed: SEED,
    operations,
    ordersPerSecond: 40,
    prefix,
  });
  return runPlan({
    arena,
    plan: { ...plan, drills: plan.drills.filter((drill) => drills?.includes(drill.name) ?? true) },
    prefix,
    historyPath: join(directory, `${name}.jsonl`),
    clock: systemClock,
  });
}
