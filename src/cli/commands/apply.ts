/** `payments-dr apply -f`: claims to the cluster, by server-side apply. */
import type { Command } from 'commander';
import { addClusterOptions, timeOption, WHICH_CLUSTER } from '../cluster/options.js';
import { FORMS, outputOption } from '../output/forms.js';
import type { ApplyOptions } from '../tasks/apply.js';
import { filesOption } from './options.js';

const EXAMPLES = `
Validates every claim first, as payments-dr validate does; nothing is applied unless all are valid. Then applies them by
server-side apply, as field manager payments-dr; a Namespace in the same files is applied before them. Other objects are skipped, by
name. A claim without a namespace goes to that of -n; one that names another is refused.
${WHICH_CLUSTER}

Examples:
  payments-dr apply -f claim.yaml
  payments-dr apply -f claim.yaml --wait                  until it is Ready, its tree drawn meanwhile
  payments-dr apply -f claim.yaml --wait --timeout 20m
  payments-dr apply -f claim.yaml --dry-run               let the cluster judge it, and change nothing
  payments-dr apply -f claim.yaml --force-conflicts       take over fields that another field manager set`;

export function addApplyCommand(program: Command): void {
  addClusterOptions(
    program
      .command('apply')
      .summary('Apply claims to the cluster')
      .description('Apply claims to the cluster, validated first.')
      .addOption(filesOption()),
  )
    .option('--wait', 'wait until the claims are Ready')
    .addOption(timeOption('--timeout <time>', 'how long to wait, such as 90s', 600))
    .option('--dry-run', 'let the cluster judge them, and change nothing')
    .option('--force-conflicts', 'take over fields that another field manager owns')
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: ApplyOptions) => {
      const { apply } = await import('../tasks/apply.js');
      await apply(options);
    });
}
