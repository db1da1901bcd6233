/** The options of every command that works with a cluster: those of kubectl, with the same meaning. */
import { Option, type Command } from 'commander';
import type { Form } from '../../model/managed/kind.js';
import { PdrError } from '../../support/errors.js';
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
      new Option('--request-timeout <seconds>', 'how long the API server may take for one answer')
        .argParser(seconds)
        .default(10),
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

/** Seconds, or with a unit as kubectl has it: `90`, `30s`, `5m`, `1h`. */
export function seconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const value = Number(amount) * ({ ms: 0.001, s: 1, m: 60, h: 3600 }[unit] ?? Number.NaN);
  if (value > 0) return value;
  throw new PdrError('PDR1006', { subject: text, detail: 'a time is wanted, such as 30s or 5m' });
}
