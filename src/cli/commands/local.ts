/** `payments-dr local <part>`: one stand-in alone, so that the others can be the real ones. */
import type { Command } from 'commander';
import { addOptions, serveOptions, type ServeOptions } from '../platform/options.js';
import type { Part } from '../platform/parts.js';

interface LocalCommand {
  readonly part: Part;
  readonly description: string;
  readonly options: readonly Parameters<typeof addOptions>[1][number][];
}

const COMMANDS: readonly LocalCommand[] = [
  {
    part: 'kubernetes',
    description: 'A Kubernetes API server for custom resources',
    options: [serveOptions.port('the Kubernetes API'), serveOptions.writeKubeconfig()],
  },
  {
    part: 'crossplane',
    description: 'Crossplane, on the cluster of a kubeconfig',
    options: [serveOptions.kubeconfig()],
  },
  {
    part: 'provider-aws',
    description: 'The AWS provider, on the cluster of a kubeconfig',
    options: [serveOptions.kubeconfig(), serveOptions.awsEndpoint()],
  },
  {
    part: 'aws',
    description: 'AWS in all regions of the commercial partition',
    options: [
      serveOptions.port('the AWS gateway'),
      serveOptions.writeAwsConfig(),
      serveOptions.holdSourceTables(),
    ],
  },
];

const EXAMPLES = `
Each prints one line that begins with "ready" once it serves, and ends cleanly with SIGTERM or Ctrl-C.

Examples:
  payments-dr local kubernetes --port 0 --write-kubeconfig kubeconfig
  payments-dr local crossplane --kubeconfig kubeconfig
  payments-dr local aws --write-aws-config aws-config
  payments-dr local provider-aws --kubeconfig ~/.kube/config --aws-endpoint http://127.0.0.1:4566`;

export function addLocalCommand(program: Command): void {
  const local = program
    .command('local')
    .description('Run one stand-in alone, with the real ones in the place of the others')
    .addHelpText('after', EXAMPLES);
  for (const { part, description, options } of COMMANDS) {
    const command = local.command(part).description(description);
    addOptions(command, [serveOptions.state(), ...options, serveOptions.logLevel()]).action(
      async (parsed: ServeOptions) => {
        const { serve } = await import('../tasks/serve.js');
        await serve(part, parsed);
      },
    );
  }
}
