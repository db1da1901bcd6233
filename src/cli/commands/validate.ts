/** `payments-dr validate`: claims in files, judged without a cluster. */
import type { Command } from 'commander';
import { FORMS, outputOption } from '../output/forms.js';
import { filesOption } from './options.js';

const EXAMPLES = `
Judges what the API server would judge on creation: the schema, unknown fields and the rules across fields. It needs no
cluster. What only a cluster knows is left to payments-dr diff: whether an immutable field changes, whether another claim has
the same environment.

Other objects in the files are skipped, by name, on stderr. Exit 0: every claim is valid; 1: one is not, or there is none.

Examples:
  payments-dr validate -f claim.yaml               each fault as file:line:column, and what to do about it
  payments-dr validate -f claims/ -f more.yaml     all YAML and JSON below a directory
  kubectl kustomize overlays/prod | payments-dr validate -f -
  payments-dr validate -f claims/ -o json          for a pipeline: {claims, faults, skipped}`;

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .summary('Check claims against schema and rules, without a cluster')
    .description(
      'Check claims against schema and rules, without a cluster: file, line and column of each fault.',
    )
    .addOption(filesOption())
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: { filename: string[]; output: (typeof FORMS)[number] }) => {
      const { validate } = await import('../tasks/validate.js');
      process.exitCode = await validate(options);
    });
}
