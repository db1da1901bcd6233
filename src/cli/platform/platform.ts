/**
 * The local platform: the chosen stand-ins, started in one process, in order, and stopped in reverse.
 *
 * Each part is handed a kubeconfig or an AWS endpoint and nothing else of the others (DESIGN §1); which is why any of
 * them can be left out here and be the real one instead.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import type { AwsServer } from '../../local/aws/server.js';
import type { CrossplaneEngine } from '../../local/crossplane/engine.js';
import type { KubernetesServer } from '../../local/kubernetes/server.js';
import type { Clock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import type { Log } from '../../support/log.js';
import type { Part } from './parts.js';
import { HANDLER_BUNDLE, LAMBDA_RUNTIME } from './paths.js';
import { portOf, readRunFile, writeRunFile } from './run-file.js';

/** How often the provider looks for drift in AWS. The real one's default is ten minutes: too long to watch on a laptop. */
const DRIFT_POLL_MS = 10_000;

export interface PlatformOptions {
  readonly parts: ReadonlySet<Part>;
  readonly stateDir: string;
  /** 0 takes a free one; none takes the last run's, where it is still free. */
  readonly kubernetesPort?: number | undefined;
  readonly awsPort?: number | undefined;
  /** How long the local AWS keeps a table from deletion after a replica was made from it, in seconds. @default 0 */
  readonly holdSourceTables?: number | undefined;
  readonly writeKubeconfig?: string | undefined;
  readonly writeAwsConfig?: string | undefined;
  /** The cluster to work on where `parts` has no Kubernetes. */
  readonly kubeconfig?: string | undefined;
  /** The AWS to work on where `parts` has none. */
  readonly awsEndpoint?: string | undefined;
  /** Whether the caller works on the cluster too: `kubeConfig` is then there even where no part needs it. @default true */
  readonly givesKubeConfig?: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Told as each part serves. */
  readonly onStarted?: (part: Part, what: string, tookMs: number) => void;
}

export interface Platform {
  readonly kubernetes: KubernetesServer | undefined;
  readonly aws: AwsServer | undefined;
  readonly crossplane: CrossplaneEngine | undefined;
  /** The cluster that the parts work on; none where only AWS runs, or where nobody asked for it. */
  readonly kubeConfig: KubeConfig | undefined;
  readonly kubeconfigPath: string;
  readonly awsConfigPath: string;
  close(): Promise<void>;
}

/** Starts the parts. What had started is stopped again when one of them fails. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  await makeStateDir(options.stateDir);
  const starting = new Starting(options);
  try {
    return await starting.run();
  } catch (error) {
    await starting.close();
    throw error;
  }
}

class Starting {
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(private readonly options: PlatformOptions) {}

  async run(): Promise<Platform> {
    const { options } = this;
    const { stateDir } = options;
    const previous = await readRunFile(stateDir);
    const aws = await this.#start('aws', (started) =>
      this.#serveAws(portOf(previous?.awsUrl), started),
    );
    const kubernetes = await this.#start('kubernetes', (started) =>
      this.#serveKubernetes(portOf(previous?.kubernetesUrl), started),
    );
    const kubeConfig = await this.#kubeConfig(kubernetes);
    const crossplane = await this.#start('crossplane', (started) =>
      this.#runCrossplane(kubeConfig, started),
    );
    await this.#start('provider-aws', (started) =>
      this.#runProvider(kubeConfig, aws?.url ?? options.awsEndpoint, started),
    );
    await writeRunFile(stateDir, {
      pid: process.pid,
      ...(kubernetes === undefined ? {} : { kubernetesUrl: kubernetes.url }),
      ...(aws === undefined ? {} : { awsUrl: aws.url }),
    });
    return {
      aws,
      kubernetes,
      crossplane,
      kubeConfig,
      kubeconfigPath: join(stateDir, 'kubeconfig'),
      awsConfigPath: join(stateDir, 'aws-config'),
      close: () => this.close(),
    };
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse().splice(0)) await close();
  }

  async #start<T extends { close(): Promise<void> }>(
    part: Part,
    start: (started: (what: string) => void) => Promise<T>,
  ): Promise<T | undefined> {
    if (!this.options.parts.has(part)) return undefined;
    const { clock, onStarted } = this.options;
    const beganMs = clock.now();
    const running = await start((what) => onStarted?.(part, what, clock.now() - beganMs));
    this.#closers.push(() => running.close());
    return running;
  }

  async #serveAws(
    lastPort: number | undefined,
    started: (what: string) => void,
  ): Promise<AwsServer> {
    const { serveAws } = await import('../../local/aws/server.js');
    const { stateDir, awsPort, writeAwsConfig, clock, log, holdSourceTables = 0 } = this.options;
    const server = await onPort(awsPort, lastPort, (port) =>
      serveAws({
        stateDir: join(stateDir, 'aws'),
        port,
        clock,
        log,
        images: new Map([['payment-processor', HANDLER_BUNDLE]]),
        lambdaRuntimePath: LAMBDA_RUNTIME,
        sourceTableHoldMs: holdSourceTables * 1000,
      }),
    );
    await writeFiles(server.awsConfig, [join(stateDir, 'aws-config'), writeAwsConfig]);
    started(server.url);
    return server;
  }

  async #serveKubernetes(
    lastPort: number | undefined,
    started: (what: string) => void,
  ): Promise<KubernetesServer> {
    const { serveKubernetes } = await import('../../local/kubernetes/server.js');
    const { stateDir, kubernetesPort, writeKubeconfig, clock, log } = this.options;
    const server = await onPort(kubernetesPort, lastPort, (port) =>
      serveKubernetes({
        stateDir: join(stateDir, 'kubernetes'),
        port,
        clock,
        log: log.child('kubernetes'),
      }),
    );
    await writeFiles(server.kubeconfig, [join(stateDir, 'kubeconfig'), writeKubeconfig]);
    started(server.url);
    return server;
  }

  async #runCrossplane(kubeConfig: KubeConfig | undefined, started: (what: string) => void) {
    const { runCrossplane } = await import('../../local/crossplane/engine.js');
    const { clock, log } = this.options;
    const engine = await runCrossplane({
      kubeConfig: required(kubeConfig),
      clock,
      log: log.child('crossplane'),
    });
    started('function-patch-and-transform, function-auto-ready');
    return engine;
  }

  async #runProvider(
    kubeConfig: KubeConfig | undefined,
    awsEndpoint: string | undefined,
    started: (what: string) => void,
  ) {
    const { runProvider } = await import('../../local/provider-aws/provider.js');
    const { clock, log } = this.options;
    const provider = await runProvider({
      kubeConfig: required(kubeConfig),
      clock,
      log: log.child('provider-aws'),
      pollIntervalMs: DRIFT_POLL_MS,
      ...(awsEndpoint === undefined ? {} : { awsEndpoint }),
    });
    started('*.aws.upbound.io, *.aws.m.upbound.io');
    return provider;
  }

  async #kubeConfig(kubernetes: KubernetesServer | undefined): Promise<KubeConfig | undefined> {
    const { parts, givesKubeConfig = true, kubeconfig } = this.options;
    const needsCluster = parts.has('crossplane') || parts.has('provider-aws');
    if (!needsCluster && (kubernetes === undefined || !givesKubeConfig)) return undefined;
    // The client of Kubernetes takes more memory than the local API does.
    const { parseKubeConfig, readKubeConfig } = await import('./kube-config.js');
    return kubernetes === undefined
      ? readKubeConfig(kubeconfig)
      : parseKubeConfig(kubernetes.kubeconfig);
  }
}

/** A port that was asked for is taken or refused; the last run's is only preferred, so that addresses stay the same. */
async function onPort<T>(
  asked: number | undefined,
  last: number | undefined,
  serve: (port: number) => Promise<T>,
): Promise<T> {
  if (asked !== undefined || last === undefined) return serve(asked ?? 0);
  try {
    return await serve(last);
  } catch (error) {
    if (error instanceof PdrError && error.code === 'PDR1002') return serve(0);
    throw error;
  }
}

async function makeStateDir(stateDir: string): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new PdrError('PDR1004', { subject: stateDir, detail, cause });
  }
}

/** Credentials are in these files: only their owner may read them. */
async function writeFiles(text: string, paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths) if (path !== undefined) await writeFile(path, text, { mode: 0o600 });
}

function required(kubeConfig: KubeConfig | undefined): KubeConfig {
  if (kubeConfig === undefined) throw new PdrError('PDR1001', { subject: '--kubeconfig' });
  return kubeConfig;
}
