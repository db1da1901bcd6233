#!/usr/bin/env node
/**
 * The command `payments-dr`: reads the command line, runs one command, and turns what went wrong into one readable error.
 *
 * Results go to stdout, everything else to stderr. Exit 0: done; 1: refused or failed; 2: misuse. A command's work is loaded
 * when it is asked for (`tasks/`), so that those which need no cluster and no AWS start at once.
 */
import { CommanderError } from 'commander';
import { PdrError, type ErrorCode } from '../support/errors.js';
import { silenceSdkAdvice } from '../support/sdk-advice.js';
import { buildProgram } from './program.js';
import { printError } from './view/error-report.js';

/** What is wrong is the command line, and nothing that it speaks of. */
const MISUSE: readonly ErrorCode[] = ['PDR1006', 'PDR1032'];

async function main(): Promise<number> {
  silenceSdkAdvice();
  process.stdout.on('error', endWithReader);
  try {
    await buildProgram().parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // commander has printed what it refused; help and version are no failures
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(error);
    return error instanceof PdrError && MISUSE.includes(error.code) ? 2 : 1;
  }
}

/** Whoever reads has seen enough, as `head` does: no failure of ours. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

process.exit(await main());
