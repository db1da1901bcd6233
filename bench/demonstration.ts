/** Times `payments-dr up --once` as a whole process, and collects the figures that it writes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measurement } from '../src/cli/demonstration/narrator.js';
import { spread, type Row } from './table.js';

const GOALS: Readonly<Record<string, string>> = {
  'start to claim Ready': '≤ 5000 ms',
  'peak resident memory': '≤ 350 MiB',
};

export async function measureDemonstrations(directory: string, runs: number): Promise<Row[]> {
  const wholeMs: number[] = [];
  const figures = new Map<string, { unit: string; values: number[] }>();
  for (let run = 0; run < runs; run++) {
    const { tookMs, measurements } = await runOnce(join(directory, `run-${run}`));
    wholeMs.push(tookMs);
    for (const { what, value, unit } of measurements) {
      const figure = figures.get(what) ?? { unit, values: [] };
      figures.set(what, figure);
      figure.values.push(value);
    }
  }
  const bareMs = await timeOf(['-e', '0']);
  return [
    {
      figure: 'up --once, the whole run',
      measured: spread(wholeMs, 'ms'),
      goal: '≤ 20000 ms',
      ratio: `${((wholeMs[0] ?? NaN) / bareMs).toFixed(0)} × a bare node process (${bareMs.toFixed(0)} ms)`,
    },
    ...[...figures].map(([figure, { unit, values }]) => ({
      figure,
      measured: spread(values, unit),
      ...(GOALS[figure] === undefined ? {} : { goal: GOALS[figure] }),
    })),
  ];
}

async function runOnce(state: string): Promise<{ tookMs: number; measurements: Measurement[] }> {
  const file = `${state}.json`;
  const args = [
    'dist/payments-dr.js',
    'up',
    '--once',
    '--state',
    state,
    '--write-measurements',
    file,
  ];
  const tookMs = await timeOf(args);
  return { tookMs, measurements: JSON.parse(await readFile(file, 'utf8')) as Measurement[] };
}

async function timeOf(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} exited ${code ?? 'by a signal'}`);
  return performance.now() - began;
}
