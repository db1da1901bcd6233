/** What `payments-dr up` does: starts the parts, installs the definition, gives the demonstration, serves until it is stopped. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../support/clock.js';
import { createLog, type Log } from '../../support/log.js';
import { KubernetesClient } from '../../support/kubernetes/client.js';
import { PdrError } from '../../support/errors.js';
import type { Portal } from '../../portal/server.js';
import { demonstrate } from '../demonstration/demonstration.js';
import { Narrator, StepFailed } from '../demonstration/narrator.js';
import { applyObject, installDefinition, readManifest } from '../platform/definition-files.js';
import { serveLocalPortal } from '../portal/local-portal.js';
import { localProviderConfigs } from '../platform/local-provider-configs.js';
import type { ServeOptions } from '../platform/options.js';
import { parseParts, PARTS, type Part } from '../platform/parts.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { startPlatform, type Platform } from '../platform/platform.js';
import { untilStopped } from '../platform/signals.js';
import { commandsToTry } from '../view/to-try.js';

export interface UpOptions extends ServeOptions {
  readonly once?: boolean;
  readonly only?: string;
  readonly claim?: string;
  readonly writeMeasurements?: string;
}

export async function up(options: UpOptions): Promise<void> {
  const stopped = untilStopped();
  const parts = partsOf(options);
  const clock = systemClock;
  const log = createLog({ level: options.logLevel });
  const narrator = new Narrator(process.stdout, clock);
  const beganMs = clock.now();
  narrator.heading('The platform');
  const platform = await startPlatform({
    parts,
    stateDir: options.state,
    kubernetesPort: options.port,
    awsPort: options.awsPort,
    holdSourceTables: options.holdSourceTables,
    writeKubeconfig: options.writeKubeconfig,
    writeAwsConfig: options.writeAwsConfig,
    kubeconfig: options.kubeconfig,
    awsEndpoint: options.awsEndpoint,
    clock,
    log,
    onStarted: (part, what, tookMs) => narrator.done(part.padEnd(12), what, tookMs),
  });
  let portal: Portal | undefined;
  try {
    await present({ options, platform, parts, clock, log, narrator, beganMs });
    if (options.once === true) return;
    const local = await serveLocalPortal(platform, { port: options.portalPort ?? 0, clock, log });
    portal = local?.portal;
    if (local !== undefined)
      narrator.say(`  the portal, signed in once by this link: ${local.link}\n`);
    process.stdout.write(`ready ${addressesOf(platform, portal)}\n`);
    await stopped;
  } finally {
    await portal?.close();
    await platform.close();
  }
}

interface Presentation {
  readonly options: UpOptions;
  readonly platform: Platform;
  readonly parts: ReadonlySet<Part>;
  readonly clock: Clock;
  readonly log: Log;
  readonly narrator: Narrator;
  readonly beganMs: number;
}

async function present(presentation: Presentation): Promise<void> {
  const { options, platform, parts, clock, log, narrator, beganMs } = presentation;
  if (platform.kubeConfig === undefined) return;
  const client = new KubernetesClient(platform.kubeConfig);
  try {
    if (parts.has('crossplane')) await install(presentation, client);
    const { aws, crossplane } = platform;
    const isWhole = aws !== undefined && crossplane !== undefined && parts.size === PARTS.length;
    if (isWhole && (options.once === true || narrator.isLive)) {
      const claim = await readClaim(client, options.claim);
      await demonstrate({
        aws,
        claim,
        client,
        clock,
        log,
        narrator,
        beganMs,
        passes: () => crossplane.passes(),
      });
      await report(presentation);
    }
    if (options.once !== true) explainUse(presentation);
  } catch (error) {
    // On a terminal a failed step leaves everything up, to be looked at.
    if (!(error instanceof StepFailed)) throw error;
    if (options.once === true) throw new PdrError('PDR1007', { subject: error.message });
    explainUse(presentation);
  } finally {
    client.close();
  }
}

/** Prints the figures; with `--write-measurements` also writes them, for `npm run bench` and whoever else reads JSON. */
async function report({ options, narrator }: Presentation): Promise<void> {
  narrator.measure('peak resident memory', process.resourceUsage().maxRSS / 1024, 'MiB');
  narrator.summary();
  if (options.writeMeasurements !== undefined) {
    await writeFile(
      options.writeMeasurements,
      `${JSON.stringify(narrator.measurements, null, 2)}\n`,
    );
  }
}

async function install(
  { platform, parts, clock, narrator }: Presentation,
  client: KubernetesClient,
) {
  const { aws } = platform;
  await narrator.step('definition  ', async () => {
    const installed = await installDefinition({
      client,
      clock,
      packageDir: PACKAGE_DIR,
      withProviders: parts.has('provider-aws'),
      ownsCluster: platform.kubernetes !== undefined,
    });
    if (aws !== undefined && parts.has('provider-aws')) {
      for (const object of localProviderConfigs(aws)) await applyObject(client, object);
    }
    return { value: undefined, seen: countKinds(installed.map(({ kind }) => kind)) };
  });
}

async function readClaim(
  client: KubernetesClient,
  path = join(PACKAGE_DIR, 'examples/claim.yaml'),
) {
  const objects = await readManifest(path);
  const claim = objects.find(({ kind }) => kind === 'PaymentsDR');
  if (claim === undefined) throw new PdrError('PDR1011', { subject: path });
  const others = objects.filter((object) => object !== claim);
  const namespace = claim.metadata.namespace ?? 'default';
  await applyObject(client, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const object of others) await applyObject(client, object);
  return claim;
}

function explainUse({ platform, parts, narrator }: Presentation): void {
  narrator.heading('Yours to try');
  for (const command of commandsToTry(parts, platform)) narrator.say(`  ${command}`);
  narrator.say('  Ctrl-C stops; the state is kept for the next up\n');
}

function addressesOf({ kubernetes, aws }: Platform, portal: Portal | undefined): string {
  const addresses = [
    ...(kubernetes === undefined ? [] : [`kubernetes=${kubernetes.url}`]),
    ...(aws === undefined ? [] : [`aws=${aws.url}`]),
    ...(portal === undefined ? [] : [`portal=${portal.url}`]),
  ];
  return addresses.length === 0 ? 'controllers' : addresses.join(' ');
}

function partsOf({ only, once, kubeconfig, awsEndpoint }: UpOptions): ReadonlySet<Part> {
  const parts = only === undefined ? new Set<Part>(PARTS) : parseParts(only);
  if (once === true && parts.size < PARTS.length) {
    throw misplaced('--once --only', 'the demonstration needs all four parts');
  }
  if (kubeconfig !== undefined && parts.has('kubernetes')) {
    throw misplaced('--kubeconfig', 'leave kubernetes out with --only to work on another cluster');
  }
  if (awsEndpoint !== undefined && parts.has('aws')) {
    throw misplaced('--aws-endpoint', 'leave aws out with --only to work on another AWS');
  }
  return parts;
}

function misplaced(subject: string, detail: string): PdrError {
  return new PdrError('PDR1006', { subject, detail });
}

function countKinds(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`).join(', ');
}
