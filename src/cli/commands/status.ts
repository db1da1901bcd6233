/** `payments-dr status NAME`: a claim as a tree, down to every managed resource. */
import type { Command } from 'commander';
import { addClaimOptions, WHICH_CLUSTER } from '../cluster/options.js';
import { FORMS, outputOption } from '../output/forms.js';
import type { StatusOptions } from '../tasks/status.js';

const EXAMPLES = `
On top stands the first thing that holds the claim up. SYNCED says whether what was asked for was accepted, by Crossplane for
the claim and its composite, by AWS for the rest; READY whether it is there. A composite that is not synced changes nothing any
more, though the claim still shows its old READY: look at SYNCED too.
${WHICH_CLUSTER}

Exit 0: it could be told, whatever was told; for a script, read .healthy of -o json.

Examples:
  payments-dr status checkout -n team-payments
  payments-dr status checkout -n team-payments --watch      drawn again with each change; Ctrl-C ends it
  payments-dr status checkout -n team-payments -o wide      whole reasons, and the names in AWS
  payments-dr status checkout -o json | jq .cause           for a program: {healthy, cause, claim, composite, resources, …}`;

export function addStatusCommand(program: Command): void {
  addClaimOptions(
    program
      .command('status')
      .summary('Show a claim as a tree, and what holds it up')
      .description('Show a claim as a tree down to every managed resource, and what holds it up.')
      .argument('<name>', 'the name of the claim'),
  )
    .option('-w, --watch', 'follow it until Ctrl-C, or until it is gone')
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: StatusOptions) => {
      const { status } = await import('../tasks/status.js');
      await status(name, options);
    });
}
