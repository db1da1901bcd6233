/** `payments-dr outputs NAME`: the names and ARNs that a claim gives. */
import type { Command } from 'commander';
import { addClaimOptions, WHICH_CLUSTER } from '../cluster/options.js';
import { outputOption, SHELL_FORMS } from '../output/forms.js';
import type { OutputsOptions } from '../tasks/outputs.js';

const EXAMPLES = `
Functions, table, buckets, topics and alarms of both regions, from the claim's status. What AWS has not answered yet is left out,
and stderr says how many those are.
${WHICH_CLUSTER}

Exit 1 where there is nothing yet.

Examples:
  payments-dr outputs checkout -n team-payments
  payments-dr outputs checkout -n team-payments -o json | jq -r .primaryFunctionArn
  eval "$(payments-dr outputs checkout -n team-payments -o env)"
  aws lambda invoke --function-name "$PAYMENTS_PRIMARY_FUNCTION_ARN" …`;

export function addOutputsCommand(program: Command): void {
  addClaimOptions(
    program
      .command('outputs')
      .summary('Print the names and ARNs that a claim gives')
      .description('Print the names and ARNs that a claim gives.')
      .argument('<name>', 'the name of the claim'),
  )
    .addOption(outputOption(SHELL_FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: OutputsOptions) => {
      const { outputs } = await import('../tasks/outputs.js');
      await outputs(name, options);
    });
}
