/** Reads the kubeconfig that a command is to work with. */
import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { PdrError } from '../../support/errors.js';

/** The context that the client library makes up where it finds none: http://localhost:8080, as kubectl has it. */
const MADE_UP = 'loaded-context';

/** From `path`, else from KUBECONFIG or ~/.kube/config. Throws PDR1001 where there is none, or it cannot be used. */
export function readKubeConfig(path: string | undefined): KubeConfig {
  const subject = path ?? process.env.KUBECONFIG ?? '~/.kube/config';
  try {
    if (path !== undefined) return parseKubeConfig(readFileSync(path, 'utf8'));
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromDefault();
    if (kubeConfig.getCurrentContext() === MADE_UP) {
      throw new Error('there is none; payments-dr up makes one, of a cluster on this machine');
    }
    return usable(kubeConfig);
  } catch (cause) {
    throw new PdrError('PDR1001', { subject, detail: wordsOf(cause) });
  }
}

function wordsOf(cause: unknown): string {
  // The client library expects a kubeconfig, and trips over whatever else the file holds.
  if (cause instanceof TypeError) return 'it holds no kubeconfig';
  // A YAML error goes on with a drawing of the place.
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}

export function parseKubeConfig(text: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(text);
  return usable(kubeConfig);
}

function usable(kubeConfig: KubeConfig): KubeConfig {
  if (kubeConfig.getCurrentCluster() === null) throw new Error('it names no current cluster');
  return kubeConfig;
}
