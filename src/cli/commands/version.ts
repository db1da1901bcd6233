/** `payments-dr version`: of this command, and of what is on the cluster. */
import type { Command } from 'commander';
import { addClusterOptions, WHICH_CLUSTER } from '../cluster/options.js';
import { FORMS, outputOption } from '../output/forms.js';
import type { VersionOptions } from '../tasks/version.js';

const EXAMPLES = `
Of the cluster, where it can be reached: Kubernetes, Crossplane, the packages and the definition of PaymentsDR. A cluster that cannot
be reached is no failure: its part is left out, and stderr says why.
${WHICH_CLUSTER}

Examples:
  payments-dr version
  payments-dr version --client              without asking a cluster
  payments-dr version -o json | jq -r .client.version`;

export function addVersionCommand(program: Command): void {
  addClusterOptions(
    program
      .command('version')
      .summary('Print versions')
      .description('Print the versions of this command and of what is on the cluster.'),
  )
    .option('--client', 'of this command only')
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: VersionOptions) => {
      const { version } = await import('../tasks/version.js');
      await version(options);
    });
}
