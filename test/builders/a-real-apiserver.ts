/** A real kube-apiserver with etcd, in processes of their own; only where `npm run real-apiserver` has built it before. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SCRIPT = 'scripts/real-apiserver.mjs';

export interface RealApiserver {
  readonly url: string;
  readonly kubeconfig: string;
  /** Ends both and resolves with the exit code. */
  stop(): Promise<number | null>;
}

export function isRealApiserverBuilt(): boolean {
  return spawnSync(process.execPath, [SCRIPT, '--is-built'], { stdio: 'ignore' }).status === 0;
}

export async function aRealApiserver(): Promise<RealApiserver> {
  const stateDir = await mkdtemp(join(tmpdir(), 'real-apiserver-'));
  const child = spawn(process.execPath, [SCRIPT, '--state', stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const ready = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const url = await Promise.race([
    ready.then(([line]) => line.replace(/^ready /, '')),
    exited.then(([code]) => {
      throw new Error(`real-apiserver ended with ${String(code)} before it was ready`);
    }),
  ]);
  return {
    url,
    kubeconfig: join(stateDir, 'kubeconfig'),
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      await rm(stateDir, { recursive: true, force: true });
      return code;
    },
  };
}
