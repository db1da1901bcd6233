/** `payments-dr up`: the whole platform in one process, the definition installed, and on a terminal the demonstration. */
import type { Command } from 'commander';
import { addOptions, serveOptions } from '../platform/options.js';
import { PARTS } from '../platform/parts.js';
import type { UpOptions } from '../tasks/up.js';

const EXAMPLES = `
Examples:
  payments-dr up                                   the demonstration, then stay up for kubectl
  payments-dr up --once                            the demonstration, then exit: 0 only if every step held
  payments-dr up --only kubernetes,crossplane      without the provider and AWS
  payments-dr up --only provider-aws,aws --kubeconfig ~/.kube/config
                                                   the provider and AWS for a real cluster`;

export function addUpCommand(program: Command): void {
  const command = program
    .command('up')
    .summary('Start the platform, and show what it does')
    .description(
      'Start the platform and install the definition; on a terminal, also show that it survives the loss of a region.',
    )
    .option('--once', 'give the demonstration and exit; 0 only if every step held')
    .option('--only <parts>', `start only these of ${PARTS.join(', ')}`)
    .option('--claim <file>', 'the claim to demonstrate with (default: examples/claim.yaml)')
    .option(
      '--write-measurements <file>',
      'also write the figures of the demonstration here, as JSON',
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, [
    serveOptions.state(),
    serveOptions.port('the Kubernetes API'),
    serveOptions.awsPort(),
    serveOptions.portalPort(),
    serveOptions.holdSourceTables(),
    serveOptions.writeKubeconfig(),
    serveOptions.writeAwsConfig(),
    serveOptions.kubeconfig(),
    serveOptions.awsEndpoint(),
    serveOptions.logLevel(),
  ]).action(async (options: UpOptions) => {
    const { up } = await import('../tasks/up.js');
    await up(options);
  });
}
