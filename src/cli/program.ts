/** The command line as a whole: every command with its options and help, and nothing of their work. */
import { Command } from 'commander';
import { addApplyCommand } from './commands/apply.js';
import { addCompletionCommand } from './commands/completion.js';
import { addDiffCommand } from './commands/diff.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEventsCommand } from './commands/events.js';
import { takesFiles, teachFilesOption } from './commands/options.js';
import { addOutputsCommand } from './commands/outputs.js';
import { addPayCommand } from './commands/pay.js';
import { addStatusCommand } from './commands/status.js';
import { addVersionCommand } from './commands/version.js';
import { addDownCommand } from './commands/down.js';
import { addInitCommand } from './commands/init.js';
import { addPackageCommand } from './commands/package.js';
import { addLocalCommand } from './commands/local.js';
import { addPortalCommand } from './commands/portal.js';
import { addRegionCommand } from './commands/region.js';
import { addUpCommand } from './commands/up.js';
import { addRenderCommand } from './commands/render.js';
import { addValidateCommand } from './commands/validate.js';
import { PACKAGE } from './platform/package-json.js';

const DESCRIPTION = `One PaymentsDR claim provisions a payments service in two AWS regions that survives the loss of either.

This command writes, checks, applies and follows claims, on any cluster. It also runs the whole thing on your machine: a Kubernetes API, Crossplane, the AWS provider and AWS in two regions, with the same definition files that run on a real cluster.`;

const MORE = `
Exit codes: 0 done, 1 refused or failed, 2 misuse (diff has its own: see its help).
Results go to stdout, everything else to stderr.`;

const GROUPS: readonly (readonly [string, ...((program: Command) => void)[]])[] = [
  ['Claims in files:', addInitCommand, addValidateCommand, addRenderCommand],
  [
    'Claims on a cluster:',
    addDiffCommand,
    addApplyCommand,
    addStatusCommand,
    addEventsCommand,
    addOutputsCommand,
    addPayCommand,
  ],
  [
    'The platform on this machine:',
    addUpCommand,
    addDownCommand,
    addRegionCommand,
    addLocalCommand,
  ],
  ['A page for claims:', addPortalCommand],
  ['The definition:', addPackageCommand],
  ['Help with all of it:', addDoctorCommand, addVersionCommand, addCompletionCommand],
];

export function buildProgram(): Command {
  const program = new Command('payments-dr')
    .description(DESCRIPTION)
    .version(PACKAGE.version)
    .addHelpText('after', MORE);
  for (const [heading, ...adders] of GROUPS) {
    program.commandsGroup(heading);
    for (const add of adders) add(program);
  }
  refuseMisuse(program, program.name());
  return program;
}

/** What is refused names the help of the very command, and is thrown: the exit code is not commander's. */
function refuseMisuse(command: Command, path: string): void {
  command.exitOverride().showHelpAfterError(`  try: ${path} --help`);
  if (takesFiles(command)) teachFilesOption(command, path);
  for (const each of command.commands) refuseMisuse(each, `${path} ${each.name()}`);
}
