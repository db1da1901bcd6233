/** `payments-dr init`: writes a claim, by questions or by options. */
import { Option, type Command } from 'commander';
import { AWS_REGIONS } from '../../model/regions.js';
import type { InitOptions } from '../tasks/init.js';

const EXAMPLES = `
On a terminal it asks for what the options leave open, and checks each answer as it is given. Elsewhere, or with every needed option,
it asks nothing. What it writes is valid: payments-dr validate finds no fault in it. A file that exists is never overwritten without
--force. What is not asked for keeps its default; kubectl explain pdr.spec tells what else a claim can say.

Examples:
  payments-dr init                                          asks, and writes NAME.yaml
  payments-dr init --file -  | kubectl apply -f -           asks on the terminal, and prints
  payments-dr init --name checkout --namespace team-payments --environment-suffix dev \\
    --registry-id 123456789012 --repository payment-processor --tag 1.4.2 --email oncall@example.org`;

export function addInitCommand(program: Command): void {
  const region = (flags: string, what: string) => new Option(flags, what).choices(AWS_REGIONS);
  program
    .command('init')
    .summary('Write a claim, by questions or by options')
    .description('Write a claim, by questions or by options.')
    .option('--name <name>', 'the name of the claim')
    .option('-n, --namespace <name>', 'its namespace')
    .option('--environment-suffix <suffix>', 'the environment, such as dev; ends every name in AWS')
    .option('--registry-id <account>', 'the AWS account of the ECR registry, twelve digits')
    .option('--repository <name>', 'the ECR repository of the image')
    .option('--tag <tag>', 'the tag of the image')
    .option('--digest <digest>', 'the digest of the image, instead of a tag')
    .option('--email <address>', 'who hears the alarms')
    .addOption(region('--primary <region>', 'the primary region'))
    .addOption(region('--secondary <region>', 'the secondary region'))
    .addOption(
      new Option('--data-retention <what>', 'whether data stays when the claim is deleted').choices(
        ['Retain', 'Delete'],
      ),
    )
    .addOption(
      new Option(
        '--form <form>',
        'the form of the API: claims as in Crossplane 1.x, or namespaced as in 2.x',
      )
        .choices(['cluster', 'namespaced'])
        .default('cluster'),
    )
    .option('--file <file>', 'where to write it, or - for standard output (default: NAME.yaml)')
    .option('--force', 'overwrite the file')
    .addHelpText('after', EXAMPLES)
    .action(async (options: InitOptions) => {
      const { init } = await import('../tasks/init.js');
      process.exitCode = await init(options);
    });
}
