/** `payments-dr down`: stops the platform that serves a state directory, and waits until it is gone. */
import type { Command } from 'commander';
import { systemClock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import { serveOptions } from '../platform/options.js';
import { isRunning, readRunFile } from '../platform/run-file.js';

const POLL_MS = 50;
const PATIENCE_MS = 20_000;

const EXAMPLES = `
Examples:
  payments-dr down                          stop the platform of this directory; up goes on from its state
  payments-dr down --state /tmp/demo        that of another directory
  payments-dr down && rm -r .payments-dr    and forget everything`;

export function addDownCommand(program: Command): void {
  program
    .command('down')
    .summary('Stop the platform that runs here, and keep its state')
    .description(
      'Stop the platform that runs here. What it stored stays; the next up goes on from it.',
    )
    .addOption(serveOptions.state())
    .addHelpText('after', EXAMPLES)
    .action(async ({ state }: { state: string }) => {
      process.stdout.write(`${await stop(state)}\n`);
    });
}

async function stop(stateDir: string): Promise<string> {
  const run = await readRunFile(stateDir);
  if (run === undefined || !isRunning(run)) return `nothing runs in ${stateDir}`;
  process.kill(run.pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if (!isRunning(run)) return `stopped; the state is kept in ${stateDir}`;
    await systemClock.sleep(POLL_MS);
  }
  throw new PdrError('PDR1008', {
    subject: `process ${run.pid}`,
    detail: `waited ${PATIENCE_MS / 1000} s`,
  });
}
