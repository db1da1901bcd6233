/** The command line as a whole: every command with its options and help, and nothing of their work. */
import { Command } from 'commander';
import packageJson from '../../package.json';
import { addDownCommand } from './commands/down.js';
import { addLocalCommand } from './commands/local.js';
import { addRegionCommand } from './commands/region.js';
import { addUpCommand } from './commands/up.js';
import { addRenderCommand } from './commands/render.js';
import { addValidateCommand } from './commands/validate.js';

export const VERSION = packageJson.version;

const DESCRIPTION = `One PaymentsDR claim provisions a payments service in two AWS regions that survives the loss of either.

This command writes, checks, applies and follows claims, on any cluster. It also runs the whole thing on your machine: a Kubernetes API, Crossplane, the AWS provider and AWS in two regions, with the same definition files that run on a real cluster.`;

const MORE = `
Exit codes: 0 done, 1 refused or failed, 2 misuse (diff has its own: see its help).
Results go to stdout, everything else to stderr.`;

const GROUPS: readonly (readonly [string, ...((program: Command) => void)[]])[] = [
  ['Claims in files:', addValidateCommand, addRenderCommand],
  [
    'The platform on this machine:',
    addUpCommand,
    addDownCommand,
    addRegionCommand,
    addLocalCommand,
  ],
];

export function buildProgram(): Command {
  const program = new Command('payments-dr')
    .description(DESCRIPTION)
    .version(VERSION)
    .showHelpAfterError('(payments-dr --help shows what there is)')
    .addHelpText('after', MORE);
  for (const [heading, ...adders] of GROUPS) {
    program.commandsGroup(heading);
    for (const add of adders) add(program);
  }
  throwInsteadOfExit(program);
  return program;
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const each of command.commands) {
    each.copyInheritedSettings(command);
    throwInsteadOfExit(each);
  }
}
