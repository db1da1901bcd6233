/** `payments-dr pay NAME`: a test payment, and where it landed. */
import type { Command } from 'commander';
import { addClaimOptions, timeOption, WHICH_CLUSTER } from '../cluster/options.js';
import { FORMS, outputOption } from '../output/forms.js';
import type { PayOptions } from '../tasks/pay.js';

const EXAMPLES = `
Invokes the function of one region with a payment, then looks for its record in the table of each region, and for its audit object
in the bucket of each, until both are seen or --timeout is over. A payment is a real one: it stays in the table.

AWS is reached as every AWS program reaches it: AWS_PROFILE or --profile, AWS_CONFIG_FILE, credentials of the environment or the machine.
They need lambda:InvokeFunction, dynamodb:Query and s3:GetObject. On the local platform it is found by itself.
${WHICH_CLUSTER}

Exit 0: the payment was taken and was seen in both regions; 1: it was not.

Examples:
  payments-dr pay checkout -n team-payments
  payments-dr pay checkout -n team-payments --through secondary --amount 12.50 --currency EUR
  payments-dr pay checkout -n team-payments --transaction-id order-17      sent again, it is the same payment
  payments-dr region down us-east-1; payments-dr pay checkout -n team-payments --through secondary
                                                         the survivor takes it; exit 1, for the other has no record`;

export function addPayCommand(program: Command): void {
  addClaimOptions(
    program
      .command('pay')
      .summary('Make a test payment, and show where it landed')
      .description(
        'Make a test payment through the function of a region, and show where it landed.',
      )
      .argument('<name>', 'the name of the claim'),
  )
    .option('--through <region>', 'primary, secondary, or the name of either region', 'primary')
    .option('--amount <decimal>', 'the amount', '1.00')
    .option('--currency <code>', 'the currency', 'USD')
    .option('--transaction-id <id>', 'the id of the payment (default: a new one)')
    .option('--profile <name>', 'the profile of the AWS configuration to use')
    .addOption(timeOption('--timeout <time>', 'how long to look for it in both regions', 15))
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: PayOptions) => {
      const { pay } = await import('../tasks/pay.js');
      process.exitCode = await pay(name, options);
    });
}
