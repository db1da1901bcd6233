/** The options of every command that works with a cluster: those of kubectl, with the same meaning. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Form } from '../../model/managed/kind.js';
import { serveOptions } from '../platform/options.js';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  /** In seconds. */
  readonly requestTimeout: number;
  /** Where a local platform would be. */
  readonly state: string;
}

export interface ClaimOptions extends ClusterOptions {
  readonly form?: Form;
}

export const WHICH_CLUSTER = `
The cluster is that of --kubeconfig; else of KUBECONFIG; else of the local platform, where one runs from --state and no --context
is given; else of ~/.kube/config. The namespace is that of -n; else of the context; else default.`;

export function addClusterOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the kubeconfig of the cluster')
    .option('--context <name>', 'the context of the kubeconfig to use')
    .option('-n, --namespace <name>', 'the namespace of the claim')
    .addOption(
      timeOption('--request-timeout <time>', 'how long the API server may take for one answer', 10),
    )
    .addOption(serveOptions.state());
}

export function addClaimOptions(command: Command): Command {
  return addClusterOptions(command).addOption(
    new Option(
      '--form <form>',
      'which form of the API, where both have a claim of the name',
    ).choices(['cluster', 'namespaced']),
  );
}

/** An option that is a time, in seconds. */
export function timeOption(flags: string, description: string, standard: number): Option {
  const shown = standard < 60 ? `${standard}s` : `${standard / 60}m`;
  return new Option(flags, description).argParser(seconds).default(standard, shown);
}

/** Seconds, or with a unit as kubectl has it: `90`, `30s`, `5m`, `1h`. */
export function seconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const value = Number(amount) * ({ ms: 0.001, s: 1, m: 60, h: 3600 }[unit] ?? Number.NaN);
  if (value > 0) return value;
  throw new InvalidArgumentError('A time is wanted, such as 30s or 5m.');
}
