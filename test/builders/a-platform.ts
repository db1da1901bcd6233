/** The whole local platform as a user starts it: `payments-dr up` in a process of its own, with its kubeconfig and AWS profiles. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PlatformOptions {
  /** @default a temporary directory, removed by `stop` */
  readonly stateDir?: string;
  /** A cluster of somebody else's to work on. @default the platform's own */
  readonly kubeconfig?: string;
  readonly args?: readonly string[];
}

export interface APlatform {
  readonly stateDir: string;
  readonly kubeconfig: string;
  readonly awsConfig: string;
  /** Where the AWS gateway serves. */
  readonly awsUrl: string;
  /** Where the portal serves; empty where there is none. */
  readonly portalUrl: string;
  kubectl(...args: string[]): Promise<Output>;
  /** Applies examples/claim.yaml and waits until its claim is Ready. */
  applyExample(): Promise<void>;
  /** For an SDK client of one region. */
  clientConfig(region: string): {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Ends it as Ctrl-C would; resolves with its exit code. The state stays. */
  interrupt(): Promise<number | null>;
  /** Ends it without a chance to clean up; the state stays. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startedPlatform(options: PlatformOptions = {}): Promise<APlatform> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'payments-dr-')));
  const args = ['dist/payments-dr.js', 'up', '--state', stateDir, ...(options.args ?? [])];
  if (options.kubeconfig !== undefined) args.push('--kubeconfig', options.kubeconfig);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = await readyLine(child);
  const kubeconfig = options.kubeconfig ?? join(stateDir, 'kubeconfig');
  const awsConfig = join(stateDir, 'aws-config');
  const profiles = ready.includes('aws=')
    ? parseProfiles(await readFile(awsConfig, 'utf8'))
    : new Map();
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await exited)[0];
  };
  const kubectl = (...kubectlArgs: string[]) =>
    outputOf('kubectl', [
      '--kubeconfig',
      kubeconfig,
      '--cache-dir',
      join(stateDir, 'kubectl-cache'),
      ...kubectlArgs,
    ]);
  return {
    stateDir,
    kubeconfig,
    awsConfig,
    awsUrl: /aws=(\S+)/.exec(ready)?.[1] ?? '',
    portalUrl: /portal=(\S+)/.exec(ready)?.[1] ?? '',
    kubectl,
    applyExample: async () => {
      for (const kubectlArgs of [
        ['create', 'namespace', 'team-payments'],
        ['apply', '-f', 'examples/claim.yaml'],
        ['wait', '--for=condition=Ready', '-n', 'team-payments', 'pdr', '--all', '--timeout=60s'],
      ]) {
        const { code, stderr } = await kubectl(...kubectlArgs);
        if (code !== 0 && !stderr.includes('AlreadyExists'))
          throw new Error(`kubectl ${kubectlArgs.join(' ')}: ${stderr}`);
      }
    },
    clientConfig: (region) => {
      const profile = profiles.get(region) as Record<string, string> | undefined;
      if (profile === undefined) throw new RangeError(`no profile ${region} in ${awsConfig}`);
      return {
        region,
        endpoint: profile.endpoint_url ?? '',
        credentials: {
          accessKeyId: profile.aws_access_key_id ?? '',
          secretAccessKey: profile.aws_secret_access_key ?? '',
        },
      };
    },
    interrupt: () => end('SIGINT'),
    kill: async () => {
      await end('SIGKILL');
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Runs a program to its end, whatever its exit code. */
export async function outputOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Output> {
  try {
    const { stdout, stderr } = await run(program, args, {
      env: { ...process.env, ...env },
      maxBuffer: 1 << 26,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

async function readyLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null || child.stderr === null)
    throw new TypeError('its output is not piped');
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    printed += `${line}\n`;
    if (line.startsWith('ready ')) {
      child.stdout.resume();
      return line;
    }
  }
  throw new Error(`payments-dr up ended before it was ready:\n${printed}`);
}

/** The profiles of an AWS shared config file, without nested settings. */
function parseProfiles(text: string): Map<string, Record<string, string>> {
  const profiles = new Map<string, Record<string, string>>();
  let current: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const name = /^\[(?:profile )?(.+)\]$/.exec(line)?.[1];
    const setting = /^(\w+)\s*=\s*(\S.*)$/.exec(line);
    if (name !== undefined) profiles.set(name, (current = {}));
    else if (setting !== null) current[setting[1] ?? ''] = setting[2] ?? '';
  }
  return profiles;
}
