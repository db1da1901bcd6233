/** `payments-dr portal` as a process of its own, and what it has resident. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface ServedPortal {
  readonly url: string;
  /** Now, in MiB. */
  residentMiB(): Promise<number>;
  /** The most it ever had, in MiB. */
  peakMiB(): Promise<number>;
  /** Time of the processor that it has taken so far, in milliseconds. */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
}

export async function startPortal(kubeconfig: string): Promise<ServedPortal> {
  const args = ['dist/payments-dr.js', 'portal', '--kubeconfig', kubeconfig, '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const field = async (name: string) => {
    const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ready portal=(\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      residentMiB: () => field('VmRSS'),
      peakMiB: () => field('VmHWM'),
      cpuMs: async () => {
        const stat = await readFile(`/proc/${child.pid ?? 0}/stat`, 'utf8');
        const [user = 0, system = 0] =
          stat.split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
        return (user + system) * 10;
      },
      close: async () => {
        child.kill('SIGTERM');
        if (child.exitCode === null) await once(child, 'exit');
      },
    };
  }
  throw new Error('the portal ended before it was ready');
}
