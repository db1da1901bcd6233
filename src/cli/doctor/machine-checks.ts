/** What this machine has of what the command and its users need. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { HANDLER_BUNDLE } from '../platform/paths.js';
import { check, type Check } from './check.js';
import { PACKAGE } from '../platform/package-json.js';

const run = promisify(execFile);

export async function checkMachine(): Promise<readonly Check[]> {
  const wanted = PACKAGE.engines.node.replace('>=', '');
  const node = process.versions.node;
  const [kubectl, aws] = await Promise.all([
    versionOf('kubectl', ['version', '--client', '-o', 'json'], /"gitVersion": "([^"]+)"/),
    versionOf('aws', ['--version'], /aws-cli\/(\S+)/),
  ]);
  return [
    check(
      'Node',
      isAtLeast(node, wanted),
      node,
      `install Node ${wanted} or newer: https://nodejs.org`,
    ),
    check(
      'built files',
      existsSync(HANDLER_BUNDLE),
      existsSync(HANDLER_BUNDLE) ? 'dist/' : 'not built',
      'npm run build',
    ),
    optional(
      'kubectl',
      kubectl,
      'install it to look at the cluster yourself: https://kubernetes.io/docs/tasks/tools',
    ),
    optional('AWS CLI', aws, 'install it to look at AWS yourself: https://aws.amazon.com/cli'),
  ];
}

function optional(what: string, version: string | undefined, mend: string): Check {
  return check(what, version !== undefined, version ?? 'not found', mend, 'warning');
}

async function versionOf(
  program: string,
  args: readonly string[],
  version: RegExp,
): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, args, { timeout: 10_000 });
    return version.exec(stdout)?.[1] ?? 'unknown';
  } catch {
    return undefined;
  }
}

/** By the numbers of both, the first that differs deciding. */
export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number));
  for (const [index, number] of (want ?? []).entries()) {
    const found = have?.[index] ?? 0;
    if (found !== number) return found > number;
  }
  return true;
}
