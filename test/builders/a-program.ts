/** Programs of other people that a test needs. Where one is absent its tests are skipped, by name, never passed silently. */
import { test } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether `program` is on this machine and answers to `args`. */
export function isInstalled(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** `test`, or `test.skip` where `program` does not answer to `args`. */
export function testWith(program: string, args: readonly string[]) {
  return isInstalled(program, ...args) ? test : test.skip;
}

/** What the program prints; rejects with its stderr where it fails. */
export async function outputOf(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await run(program, args, { env: { ...process.env, ...environment } });
  return stdout;
}
