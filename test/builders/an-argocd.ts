/** A real Argo CD on a cluster, without its user interface: `npm run argocd` builds it once. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SCRIPT = 'scripts/argocd.mjs';

/** The name under which the cluster is registered. */
export const CLUSTER_NAME = 'local';

/** Whether Argo CD was built, and what it needs is here. */
export function isArgocdBuilt(): boolean {
  return spawnSync(process.execPath, [SCRIPT, '--is-built'], { stdio: 'ignore' }).status === 0;
}

export interface Argocd {
  stop(): Promise<void>;
}

export async function anArgocd(kubeconfig: string): Promise<Argocd> {
  const stateDir = await mkdtemp(join(tmpdir(), 'argocd-'));
  const child = spawn(process.execPath, [SCRIPT, '--kubeconfig', kubeconfig, '--state', stateDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');
  const ready = once(createInterface(child.stdout), 'line');
  await Promise.race([
    ready,
    exited.then(() => {
      throw new Error(`Argo CD did not start: ${said}`);
    }),
  ]);
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
