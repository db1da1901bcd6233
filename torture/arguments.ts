/** The command line of `npm run torture`. */
import { parseArgs } from 'node:util';
import type { Consistency } from './arena/arena.js';

export interface Arguments {
  readonly seeds: readonly number[];
  /** How many orders each seed makes. */
  readonly operations: number;
  readonly ordersPerSecond: number;
  readonly consistency: Consistency;
  /** The history of an earlier run, whose plan is carried out again in place of those of the seeds. */
  readonly replay?: string;
  /** Another bundle than the built one. */
  readonly handler?: string;
  readonly output: string;
}

export class Misuse extends Error {
  override readonly name = 'Misuse';
}

export const USAGE = `usage: npm run torture -- [options]

Payments through two regions while regions, links, calls, processes and clocks fail, and whether what was promised held
(docs/torture.md). The same seed makes the same plan.

  --seed N               the run of this seed (default: 1)
  --seeds A..B           the runs of these seeds, one after the other
  --minutes M            how long each runs before everything heals
  --ops N                how many payments each sends (default: 100)
  --rate N               payments per second (default: 40)
  --consistency MODE     eventual (default) or strong
  --replay FILE          the plan of an earlier run, from its history; in place of all of these
  --handler FILE         a bundle to test in place of the built one
  --output DIR           histories and verdict (default: .torture)
  -h, --help             this

examples:
  npm run torture -- --seed 7 --minutes 10
  npm run torture -- --seeds 1..200 --ops 40 --rate 30
  npm run torture -- --consistency strong --ops 20 --rate 20
  npm run torture -- --replay .torture/seed-7.jsonl

exit 0: nothing violated; 1: violations; 2: misuse`;

const DEFAULT_OPERATIONS = 100;
const DEFAULT_RATE = 40;
const MAX_MINUTES = 24 * 60;
/** What a plan is made from. */
const PLANNED = ['seed', 'seeds', 'minutes', 'ops', 'rate', 'consistency'] as const;
const MAX_SEED = 2 ** 32 - 1;

/** Throws `Misuse`. */
export function readArguments(args: readonly string[]): Arguments {
  const values = parse(args);
  const ordersPerSecond = readNumber('--rate', values.rate, 1000) ?? DEFAULT_RATE;
  const minutes = readNumber('--minutes', values.minutes, MAX_MINUTES);
  const operations = readNumber('--ops', values.ops, 1e7);
  if (minutes !== undefined && operations !== undefined) {
    throw new Misuse('--minutes and --ops say the same thing: give one of them');
  }
  if (operations !== undefined && !Number.isInteger(operations)) {
    throw new Misuse(`--ops ${operations}: must be a whole number`);
  }
  const { consistency = 'eventual', replay, handler, output = '.torture' } = values;
  const alsoPlanned = PLANNED.find((name) => values[name] !== undefined);
  if (replay !== undefined && alsoPlanned !== undefined) {
    throw new Misuse(`--${alsoPlanned}: the history given to --replay says it`);
  }
  if (consistency !== 'eventual' && consistency !== 'strong') {
    throw new Misuse(`--consistency ${consistency}: must be eventual or strong`);
  }
  return {
    seeds: readSeeds(values.seed, values.seeds),
    operations:
      operations ??
      (minutes === undefined ? DEFAULT_OPERATIONS : Math.ceil(minutes * 60 * ordersPerSecond)),
    ordersPerSecond,
    consistency,
    output,
    ...(replay === undefined ? {} : { replay }),
    ...(handler === undefined ? {} : { handler }),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: text,
        seeds: text,
        minutes: text,
        ops: text,
        rate: text,
        consistency: text,
        replay: text,
        handler: text,
        output: text,
      },
    }).values;
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

function readSeeds(seed: string | undefined, seeds: string | undefined): number[] {
  if (seed !== undefined && seeds !== undefined) throw new Misuse('give --seed or --seeds');
  if (seeds === undefined) return [readSeed('--seed', seed ?? '1')];
  const [from = '', to = '', ...more] = seeds.split('..');
  const first = readSeed('--seeds', from);
  const last = readSeed('--seeds', to);
  if (more.length > 0 || last < first) throw new Misuse(`--seeds ${seeds}: must be like 1..200`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function readSeed(option: string, text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= MAX_SEED) return seed;
  throw new Misuse(`${option}: a seed is a whole number up to ${MAX_SEED}, not '${text}'`);
}

function readNumber(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text !== '' && number > 0 && number <= most) return number;
  throw new Misuse(`${option} ${text}: must be above 0 and at most ${most}`);
}
