#!/usr/bin/env node
/**
 * The command `payments-dr`: reads the command line, runs one command, and turns what went wrong into one readable error.
 *
 * Results go to stdout, everything else to stderr. Exit 0: done; 1: refused or failed; 2: misuse.
 */
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json';
import { addDownCommand } from './commands/down.js';
import { addLocalCommand } from './commands/local.js';
import { addRegionCommand } from './commands/region.js';
import { addUpCommand } from './commands/up.js';
import { silenceSdkAdvice } from '../support/sdk-advice.js';
import { printError } from './view/error-report.js';

const DESCRIPTION = `One PaymentsDR claim provisions a payments service in two AWS regions that survives the loss of either.

This command runs the whole thing on your machine: a Kubernetes API, Crossplane, the AWS provider and AWS in two regions, with the same definition files that run on a real cluster.`;

function buildProgram(): Command {
  const program = new Command('payments-dr')
    .description(DESCRIPTION)
    .version(packageJson.version)
    .showHelpAfterError('(payments-dr --help shows what there is)')
    .exitOverride();
  addUpCommand(program);
  addDownCommand(program);
  addRegionCommand(program);
  addLocalCommand(program);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

async function main(): Promise<number> {
  silenceSdkAdvice();
  try {
    await buildProgram().parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // commander has printed what it refused; help and version are no failures
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(error);
    return 1;
  }
}

process.exit(await main());
