/** A Kubernetes API server of a test's own; with `PDR_TEST_KUBECONFIG` the cluster of that file instead, which is left as it ends up. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { serveKubernetes } from '../../src/local/kubernetes/server.js';
import { systemClock } from '../../src/support/clock.js';
import { silentLog } from '../../src/support/log.js';

export interface ACluster {
  readonly kubeConfig: KubeConfig;
  stop(): Promise<void>;
}

export async function aCluster(): Promise<ACluster> {
  const kubeConfig = new KubeConfig();
  const given = process.env.PDR_TEST_KUBECONFIG;
  if (given !== undefined) {
    kubeConfig.loadFromFile(given);
    return { kubeConfig, stop: () => Promise.resolve() };
  }
  const stateDir = await mkdtemp(join(tmpdir(), 'a-cluster-'));
  const server = await serveKubernetes({ stateDir, port: 0, clock: systemClock, log: silentLog });
  kubeConfig.loadFromString(server.kubeconfig);
  return {
    kubeConfig,
    stop: async () => {
      await server.close();
      await rm(stateDir, { recursive: true });
    },
  };
}
