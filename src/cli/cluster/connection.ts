/** The cluster that a command works with: found, asked with patience, and its refusals told with what to do about them. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { CLAIM_API } from '../../model/claim/api.js';
import { FORMS } from '../../model/managed/kind.js';
import { PdrError } from '../../support/errors.js';
import { ApiError } from '../../support/kubernetes/api-error.js';
import { KubernetesClient } from '../../support/kubernetes/client.js';
import { readKubeConfig } from '../platform/kube-config.js';
import { isRunning, readRunFile } from '../platform/run-file.js';
import type { ClusterOptions } from './options.js';

export interface Cluster {
  readonly client: KubernetesClient;
  readonly kubeConfig: KubeConfig;
  /** From -n, else that of the context, else default. */
  readonly namespace: string;
  /** The kubeconfig in use, as a person would name it. */
  readonly source: string;
  /** Where the local platform keeps its state, if this is its cluster. */
  readonly platformDir?: string;
}

/** Runs `work` with the cluster, and closes the connection. What the cluster refuses is thrown as an error of ours. */
export async function withCluster<T>(
  options: ClusterOptions,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const { kubeConfig, source, platformDir } = await findKubeConfig(options);
  const client = new KubernetesClient(kubeConfig, { timeoutMs: options.requestTimeout * 1000 });
  const context = kubeConfig.getContextObject(kubeConfig.getCurrentContext());
  const namespace = options.namespace ?? context?.namespace ?? 'default';
  try {
    return await work({
      client,
      kubeConfig,
      namespace,
      source,
      ...(platformDir === undefined ? {} : { platformDir }),
    });
  } catch (error) {
    throw explained(error, kubeConfig.getCurrentCluster()?.server ?? source);
  } finally {
    client.close();
  }
}

/** A refusal of the API server that every command can meet, as an error that says what to do; others as they are. */
export function explained(error: unknown, server: string): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.code === 401) return new PdrError('PDR1013', { subject: server, cause: error });
  if (error.code === 403 && isForWantOfRights(error)) {
    return new PdrError('PDR1014', { subject: server, detail: error.message });
  }
  const isOurs = FORMS.some((form) => error.message.includes(CLAIM_API[form].group));
  if (error.reason === 'NoKindMatch' && isOurs) {
    return new PdrError('PDR1015', { subject: server, detail: error.message });
  }
  if (error.code === 429 || error.code >= 500) {
    return new PdrError('PDR1005', {
      subject: server,
      detail: `HTTP ${error.code}: ${error.message}`,
    });
  }
  return error;
}

/** RBAC's refusals name the user; those of admission policies say themselves what to do. */
function isForWantOfRights({ message }: ApiError): boolean {
  return /\bUser "/.test(message) || !message.includes('denied');
}

interface Found {
  readonly kubeConfig: KubeConfig;
  readonly source: string;
  readonly platformDir?: string;
}

async function findKubeConfig({ kubeconfig, context, state }: ClusterOptions): Promise<Found> {
  const ofPlatform = join(state, 'kubeconfig');
  const isOurs =
    kubeconfig === undefined && context === undefined && isUnset(process.env.KUBECONFIG);
  if (isOurs && existsSync(ofPlatform) && (await isServing(state))) {
    return { kubeConfig: readKubeConfig(ofPlatform), source: ofPlatform, platformDir: state };
  }
  const kubeConfig = readKubeConfig(kubeconfig);
  if (context !== undefined) useContext(kubeConfig, context);
  const source = kubeconfig ?? process.env.KUBECONFIG ?? join(homedir(), '.kube/config');
  const platformDir = await platformOf(kubeConfig, [state, join(source, '..')]);
  return { kubeConfig, source, ...(platformDir === undefined ? {} : { platformDir }) };
}

function isUnset(value: string | undefined): boolean {
  return value === undefined || value === '';
}

async function isServing(state: string): Promise<boolean> {
  const run = await readRunFile(state);
  return run?.kubernetesUrl !== undefined && isRunning(run);
}

/** Whichever way its kubeconfig was given, the local platform is known by the address that it serves. */
async function platformOf(
  kubeConfig: KubeConfig,
  dirs: readonly string[],
): Promise<string | undefined> {
  const server = kubeConfig.getCurrentCluster()?.server;
  for (const dir of dirs) {
    const run = await readRunFile(dir);
    if (run?.kubernetesUrl !== undefined && isRunning(run) && run.kubernetesUrl === server)
      return dir;
  }
  return undefined;
}

function useContext(kubeConfig: KubeConfig, context: string): void {
  const names = kubeConfig.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    throw new PdrError('PDR1006', {
      subject: `--context ${context}`,
      detail: `the kubeconfig has ${names.join(', ') || 'no contexts'}`,
    });
  }
  kubeConfig.setCurrentContext(context);
}
