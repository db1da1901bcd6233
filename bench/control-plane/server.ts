/** A control plane as a process of its own: the local one, or the real kube-apiserver with its etcd. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';

export interface ControlPlane {
  readonly url: string;
  readonly token: string;
  /** From the start of the process to its word that it serves. */
  readonly readyMs: number;
  /** What it and the processes that it started have resident. */
  residentMiB(): Promise<number>;
  close(): Promise<void>;
}

export type ControlPlaneName = 'local' | 'real';

const PROGRAMS: Readonly<Record<ControlPlaneName, readonly string[]>> = {
  local: ['dist/payments-dr.js', 'local', 'kubernetes', '--port', '0'],
  real: ['scripts/real-apiserver.mjs'],
};

/** Why there is no real one to compare with, or undefined where it can be started. */
export function whyNoReal(): string | undefined {
  const asked = spawnSync(process.execPath, ['scripts/real-apiserver.mjs', '--is-built'], {
    encoding: 'utf8',
  });
  return asked.status === 0 ? undefined : asked.stderr.trim();
}

export async function startControlPlane(
  name: ControlPlaneName,
  stateDir: string,
): Promise<ControlPlane> {
  const kubeconfig = join(stateDir, 'bench-kubeconfig');
  const args = [...PROGRAMS[name], '--state', stateDir, '--write-kubeconfig', kubeconfig];
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await untilReady(child, name);
  const readyMs = performance.now() - began;
  const { clusters, users } = parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  return {
    url: clusters[0].cluster.server,
    token: users[0].user.token,
    readyMs,
    residentMiB: () => residentMiB(child.pid ?? 0, name === 'real'),
    close: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

async function untilReady(child: ChildProcess, name: string): Promise<void> {
  if (child.stdout === null) throw new Error('its output is not piped');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) {
      child.stdout.resume();
      return;
    }
  }
  throw new Error(`the ${name} control plane ended before it was ready`);
}

/** The script that starts the real one is not part of it. */
async function residentMiB(pid: number, isLauncher: boolean): Promise<number> {
  const own = isLauncher ? 0 : await residentKiB(pid);
  const below = await Promise.all((await childrenOf(pid)).map(residentKiB));
  return below.reduce((sum, one) => sum + one, own) / 1024;
}

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN);
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}
