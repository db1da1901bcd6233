/**
 * `npm run torture`: payments through two failing regions, and whether what was promised held (docs/torture.md).
 *
 * Exits 0 where it did, 1 with the story of each violated transaction where it did not, 2 on misuse.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '../src/support/clock.js';
import { silenceSdkAdvice } from '../src/support/sdk-advice.js';
import { openArena, placesOf, type Arena } from './arena/arena.js';
import { Misuse, readArguments, USAGE, type Arguments } from './arguments.js';
import { runLine, story, summary } from './report.js';
import { runPlan, type RunResult } from './run.js';
import { makePlan } from './workload/plan.js';
import { readRecordedPlan, type RecordedPlan } from './workload/recorded-plan.js';

const CANDIDATE = 'candidate';

async function torture(options: Arguments): Promise<boolean> {
  const { handler, output } = options;
  silenceSdkAdvice();
  const clock = systemClock;
  const recorded = readReplay(options);
  const arena = await openArena({
    clock,
    consistency: recorded?.consistency ?? options.consistency,
    ...(handler === undefined ? {} : { handlers: { [CANDIDATE]: resolve(handler) } }),
  });
  const results: RunResult[] = [];
  try {
    if (handler !== undefined) await arena.installHandler(CANDIDATE);
    for (const { plan, prefix } of recorded === undefined ? plans(options, arena) : [recorded]) {
      // The history that is replayed stays as it is.
      const name = recorded === undefined ? `seed-${plan.seed}` : `replay-of-seed-${plan.seed}`;
      const historyPath = join(output, `${name}.jsonl`);
      const result = await runPlan({ arena, plan, prefix, historyPath, clock });
      results.push(result);
      process.stdout.write(`${runLine(result)}\n`);
    }
  } finally {
    await arena.close();
  }
  const verdict = `${[summary(results), ...results.flatMap(stories)].join('\n\n')}\n`;
  process.stdout.write(`\n${verdict}`);
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'verdict.txt'), verdict);
  return results.every(({ violations }) => violations.length === 0);
}

function* plans({ seeds, operations, ordersPerSecond }: Arguments, arena: Arena) {
  for (const seed of seeds) {
    const prefix = `s${seed}-`;
    const places = placesOf(arena);
    yield { plan: makePlan({ ...places, seed, operations, ordersPerSecond, prefix }), prefix };
  }
}

function readReplay({ replay }: Arguments): RecordedPlan | undefined {
  try {
    return replay === undefined ? undefined : readRecordedPlan(replay);
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

function stories(result: RunResult): string[] {
  const ids = new Set(result.violations.map(({ transactionId }) => transactionId));
  return [...ids].map((id) => story(result, id));
}

const args = process.argv.slice(2);
try {
  if (args.some((arg) => arg === '--help' || arg === '-h')) process.stdout.write(`${USAGE}\n`);
  else process.exitCode = (await torture(readArguments(args))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof Misuse)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
