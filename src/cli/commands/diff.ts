/** `payments-dr diff -f`: what applying would change. */
import type { Command } from 'commander';
import { addClusterOptions, WHICH_CLUSTER } from '../cluster/options.js';
import { FORMS, outputOption } from '../output/forms.js';
import type { DiffOptions } from '../tasks/diff.js';
import { filesOption } from './options.js';

const EXAMPLES = `
Shows, field by field, what applying the claims would change: the claims themselves, by a dry run on the cluster, so that immutable
fields and other rules have their say; and the resources that they compose, by running the Composition on what is there.
Nothing is changed. + is made, - is deleted, ~ is changed.
${WHICH_CLUSTER}

Exit 0: nothing would change; 1: something would; 2: misuse; 3: it could not be told. As kubectl diff: above 1 is an error.

Examples:
  payments-dr diff -f claim.yaml
  payments-dr diff -f claims/ -o json                     {changes: [{action, kind, name, fields: [{field, before, after}]}]}
  payments-dr diff -f claim.yaml || [ $? -eq 1 ]          in a pipeline that only fails on errors`;

export function addDiffCommand(program: Command): void {
  addClusterOptions(
    program
      .command('diff')
      .summary('Show what applying claims would change')
      .description('Show what applying claims would change in the cluster, field by field.')
      .addOption(filesOption()),
  )
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: DiffOptions) => {
      const { diff } = await import('../tasks/diff.js');
      process.exitCode = await diff(options);
    });
}
