/**
 * The local control plane against the real one, in one run: the same requests, the same objects, one after the other.
 *
 * Where no real kube-apiserver is built the local figures stand alone, and the first row says why.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row } from '../table.js';
import { startControlPlane, whyNoReal, type ControlPlaneName } from './server.js';
import { medianAndWorst, Workload } from './workload.js';

/** Objects at which memory and lists are measured; BENCH_OBJECTS makes a quick look possible. */
const OBJECTS = Number(process.env.BENCH_OBJECTS ?? 10_000);
const WATCHERS = 100;
const MANY_CLIENTS = 32;
const ONE_CLIENT_OPERATIONS = 500;
const MANY_CLIENT_OPERATIONS = 3000;
const CHANGES_WATCHED = 200;
const LISTS = 5;
/** The goal is a tenth of the real one's memory, and no slower on any other line. */
const MEMORY_SHARE = 0.1;

interface Figure {
  readonly unit: string;
  readonly isBetterLower: boolean;
  readonly value: number;
  /** The share of the real one's figure to stay under, where lower is better. @default 1 */
  readonly share?: number;
}

type Figures = ReadonlyMap<string, Figure>;

export async function compareControlPlanes(directory: string): Promise<Row[]> {
  const why = whyNoReal();
  const local = await measure('local', join(directory, 'local'));
  const real = why === undefined ? await measure('real', join(directory, 'real')) : undefined;
  const note: Row[] =
    why === undefined ? [] : [{ figure: 'Kubernetes API: local only', measured: why }];
  return [...note, ...[...local].map(([name, figure]) => rowOf(name, figure, real?.get(name)))];
}

async function measure(name: ControlPlaneName, stateDir: string): Promise<Figures> {
  await mkdir(stateDir, { recursive: true });
  const server = await startControlPlane(name, stateDir);
  const figures = new Map<string, Figure>();
  const rate = (what: string, value: number) =>
    figures.set(what, { unit: '/s', isBetterLower: false, value });
  const cost = (what: string, value: number, unit = 'ms', share = 1) =>
    figures.set(what, { unit, isBetterLower: true, value, share });
  try {
    const work = new Workload(server);
    await work.prepare();
    cost('start to ready', server.readyMs);
    await work.create('warm', ONE_CLIENT_OPERATIONS, 1);
    for (const [clients, count] of [
      [1, ONE_CLIENT_OPERATIONS],
      [MANY_CLIENTS, MANY_CLIENT_OPERATIONS],
    ] as const) {
      const by = `${clients} client${clients === 1 ? '' : 's'}`;
      const prefix = `of-${clients}`;
      rate(`creates, ${by}`, await work.create(prefix, count, clients));
      rate(`updates (get and put), ${by}`, await work.update(prefix, count, clients));
      rate(`gets, ${by}`, await work.get(prefix, count, clients));
    }
    const watches = await work.watch(WATCHERS, CHANGES_WATCHED);
    cost(`state of ${watches.objects} objects to ${WATCHERS} watchers`, watches.stateMs);
    const [median, p99] = medianAndWorst(watches.latenciesMs);
    cost(`watch latency, ${WATCHERS} watchers, p50`, median);
    cost(`watch latency, ${WATCHERS} watchers, p99`, p99);
    const { objects } = await work.list();
    await work.create('filler', Math.max(0, OBJECTS - objects), MANY_CLIENTS);
    const lists = [];
    for (let n = 0; n < LISTS; n += 1) lists.push((await work.list()).tookMs);
    cost(`list of ${OBJECTS} objects`, medianAndWorst(lists)[0]);
    cost(`memory at ${OBJECTS} objects`, await server.residentMiB(), 'MiB', MEMORY_SHARE);
  } finally {
    await server.close();
  }
  return figures;
}

function rowOf(name: string, local: Figure, real: Figure | undefined): Row {
  const figure = `Kubernetes API: ${name}`;
  const measured = show(local);
  if (real === undefined) return { figure, measured };
  const { share = 1, isBetterLower } = local;
  const goal = isBetterLower ? `≤ ${show(real, share)}` : `≥ ${show(real)}`;
  const ratio = isBetterLower
    ? `${(local.value / real.value).toFixed(2)} × the real one (${show(real)})`
    : `${(local.value / real.value).toFixed(1)} × the real one (${show(real)})`;
  return { figure, measured, goal, ratio };
}

function show({ value, unit }: Figure, share = 1): string {
  const scaled = value * share;
  return `${scaled.toFixed(scaled < 10 ? 1 : 0)} ${unit}`;
}
