/**
 * The run file: which process serves a state directory, and where, so that `down` finds it and a restart keeps its addresses.
 *
 * It outlives the process on purpose; whether that process still runs is asked of the system.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunFile {
  readonly pid: number;
  readonly kubernetesUrl?: string;
  readonly awsUrl?: string;
}

export async function readRunFile(stateDir: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(pathOf(stateDir), 'utf8')) as RunFile;
  } catch {
    return undefined; // none yet, or one that a crash left half-written: it holds nothing that cannot be found again
  }
}

export async function writeRunFile(stateDir: string, run: RunFile): Promise<void> {
  const next = `${pathOf(stateDir)}.next`;
  await writeFile(next, `${JSON.stringify(run, null, 2)}\n`);
  await rename(next, pathOf(stateDir));
}

export function isRunning({ pid }: RunFile): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function portOf(url: string | undefined): number | undefined {
  return url === undefined ? undefined : Number(new URL(url).port);
}

function pathOf(stateDir: string): string {
  return join(stateDir, 'run.json');
}
