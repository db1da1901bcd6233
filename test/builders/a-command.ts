/** The built command, run as a user runs it: no terminal, its exit code and both of its outputs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Output } from './a-platform.js';

export interface CommandOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default the one that is built here */
  readonly command?: string;
}

const COMMAND = resolve('dist/payments-dr.js');

export async function paymentsDr(
  args: readonly string[],
  { input = '', cwd, env = {}, command = COMMAND }: CommandOptions = {},
): Promise<Output> {
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, KUBECONFIG: undefined, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.on('error', () => undefined); // it may end without reading its input
  child.stdin.end(input);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exited,
  ]);
  return { code: code ?? -1, stdout, stderr };
}
