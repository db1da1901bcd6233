/** `payments-dr local <part>`: one stand-in alone, so that the others can be the real ones. */
import type { Command } from 'commander';
import { systemClock } from '../../support/clock.js';
import { createLog } from '../../support/log.js';
import { addOptions, serveOptions, type ServeOptions } from '../platform/options.js';
import type { Part } from '../platform/parts.js';
import { startPlatform } from '../platform/platform.js';
import { untilStopped } from '../platform/signals.js';

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
    options: [serveOptions.port('the AWS gateway'), serveOptions.writeAwsConfig()],
  },
];

export function addLocalCommand(program: Command): void {
  const local = program
    .command('local')
    .description('Run one stand-in alone, with the real ones in the place of the others')
    .exitOverride();
  for (const { part, description, options } of COMMANDS) {
    const command = local.command(part).description(description).exitOverride();
    addOptions(command, [serveOptions.state(), ...options, serveOptions.logLevel()]).action(
      (parsed: ServeOptions) => serve(part, parsed),
    );
  }
}

async function serve(part: Part, options: ServeOptions): Promise<void> {
  const stopped = untilStopped();
  const platform = await startPlatform({
    parts: new Set([part]),
    stateDir: options.state,
    kubernetesPort: options.port,
    awsPort: options.port,
    writeKubeconfig: options.writeKubeconfig,
    writeAwsConfig: options.writeAwsConfig,
    kubeconfig: options.kubeconfig,
    awsEndpoint: options.awsEndpoint,
    clock: systemClock,
    log: createLog({ level: options.logLevel }),
    onStarted: (started, what) => process.stdout.write(`ready ${started} ${what}\n`),
  });
  await stopped;
  await platform.close();
}
