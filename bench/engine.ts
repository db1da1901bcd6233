/**
 * The engine from claim to Ready: how long and how many passes a claim takes, for one claim and for many at once.
 *
 * The Kubernetes API server is a process of its own, new for each row; the engine and a provider that answers at once share
 * this one. "Flat" is a time for each claim that does not grow with their number.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { KubeConfig } from '@kubernetes/client-node';
import { runCrossplane } from '../src/local/crossplane/engine.js';
import { systemClock } from '../src/support/clock.js';
import { KubernetesClient } from '../src/support/kubernetes/client.js';
import { Informer } from '../src/support/kubernetes/informer.js';
import { isConditionTrue, type KubernetesObject } from '../src/support/kubernetes/objects.js';
import { silentLog } from '../src/support/log.js';
import { provideAtOnce } from './instant-provider.js';
import type { Row } from './table.js';
import { openCrd, ourOwn, small, type Workload } from './workload.js';

const SIZES: readonly (readonly [workload: Workload, claims: readonly number[]])[] = [
  [ourOwn(), [1, 20]],
  [small(), [1, 100, 1000]],
];
const POLL_MS = 5;
/** Claims that are sent to the API server side by side. */
const CLIENTS = 16;

interface Measured {
  readonly createdMs: number;
  readonly readyMs: number;
  readonly passes: number;
}

export async function measureEngine(directory: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [workload, sizes] of SIZES) {
    let former: { claims: number; eachMs: number } | undefined;
    for (const claims of sizes) {
      const state = join(directory, `engine-${rows.length}`);
      const { createdMs, readyMs, passes } = await measure(workload, claims, state);
      const eachMs = readyMs / claims;
      rows.push({
        figure: `${claims} ${claims === 1 ? 'claim' : 'claims'} of ${workload.name}`,
        measured: `created ${shown(createdMs / claims)}, Ready ${shown(eachMs)} each; ${(passes / claims).toFixed(1)} passes`,
        ...(former === undefined
          ? {}
          : { ratio: `${(eachMs / former.eachMs).toFixed(2)} × each of ${former.claims}` }),
        ...(claims < 1000 ? {} : { goal: '≤ 1.3 × each of 100' }),
      });
      former = { claims, eachMs };
    }
  }
  return rows;
}

const shown = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;

async function measure(workload: Workload, claims: number, state: string): Promise<Measured> {
  const server = await startServer(state);
  const client = new KubernetesClient(server.kubeConfig);
  const engine = await runCrossplane({
    kubeConfig: server.kubeConfig,
    clock: systemClock,
    log: silentLog,
  });
  try {
    const kinds = await install(workload, client);
    const provider = await provideAtOnce(client, kinds);
    const sample = workload.claim('sample');
    const type = await client.resourceType(sample.apiVersion, sample.kind);
    const informer = new Informer(client, type, { clock: systemClock, log: silentLog });
    let ready = 0;
    informer.onChange(({ object, previous }) => {
      const wasReady = previous !== undefined && isConditionTrue(previous, 'Ready');
      if (!wasReady && isConditionTrue(object, 'Ready')) ready += 1;
    });
    await informer.start().synced;

    const began = performance.now();
    const before = engine.passes();
    const names = Array.from({ length: claims }, (_, index) => `b${index}`);
    const create = async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        await client.create(type, workload.claim(name));
      }
    };
    const creating = Promise.all(Array.from({ length: CLIENTS }, create));
    await until(() => provider.seen() >= claims * workload.templates);
    const createdMs = performance.now() - began;
    await until(() => ready >= claims);
    const readyMs = performance.now() - began;
    await creating;
    const passes = engine.passes() - before;
    await Promise.all([informer.stop(), provider.stop()]);
    return { createdMs, readyMs, passes };
  } finally {
    await engine.close();
    client.close();
    await server.stop();
  }
}

async function install(workload: Workload, client: KubernetesClient) {
  const create = async (object: KubernetesObject) =>
    client.create(await client.resourceType(object.apiVersion, object.kind), object);
  await Promise.all(workload.kinds.map((kind) => create(openCrd(kind))));
  for (const name of ['function-patch-and-transform', 'function-auto-ready']) {
    await create({
      apiVersion: 'pkg.crossplane.io/v1',
      kind: 'Function',
      metadata: { name },
      spec: { package: `xpkg.crossplane.io/crossplane-contrib/${name}:v1.0.0` },
    });
  }
  const { apiVersion, kind, metadata } = await create(workload.definition);
  await create(workload.composition);
  const type = await client.resourceType(apiVersion, kind);
  const revisions = await client.resourceType(apiVersion, 'CompositionRevision');
  await until(async () => {
    const found = await client.read(type, { name: metadata.name });
    const { items } = await client.list(revisions);
    return found !== undefined && isConditionTrue(found, 'Offered') && items.length > 0;
  });
  return Promise.all(workload.kinds.map((each) => client.resourceType(each.apiVersion, each.kind)));
}

async function startServer(state: string) {
  const args = ['dist/payments-dr.js', 'local', 'kubernetes', '--port', '0', '--state', state];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) break;
  }
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(join(state, 'kubeconfig'));
  return {
    kubeConfig,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await systemClock.sleep(POLL_MS);
}
