/** `payments-dr events NAME`: what happened to a claim and to all that it is made of. */
import type { Command } from 'commander';
import { addClaimOptions, WHICH_CLUSTER } from '../cluster/options.js';
import { FORMS, outputOption } from '../output/forms.js';
import type { EventsOptions } from '../tasks/events.js';

const EXAMPLES = `
Events of the claim, of its composite and of every managed resource, the oldest first; the same words about the same object are one
line, with how often they were said. Kubernetes keeps events for an hour, unless the cluster says otherwise.
${WHICH_CLUSTER}

Examples:
  payments-dr events checkout -n team-payments
  payments-dr events checkout -n team-payments --warnings        only what went wrong
  payments-dr events checkout -o json | jq '.events[-1]'`;

export function addEventsCommand(program: Command): void {
  addClaimOptions(
    program
      .command('events')
      .summary('Show what happened to a claim and its resources')
      .description('Show what happened to a claim and to everything that it is made of.')
      .argument('<name>', 'the name of the claim'),
  )
    .option('--warnings', 'only warnings')
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: EventsOptions) => {
      const { events } = await import('../tasks/events.js');
      await events(name, options);
    });
}
