/** The portal under a crowd: what two hundred pages of a thousand claims take while the claims change all the time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startControlPlane } from '../control-plane/server.js';
import { quantile, type Row } from '../table.js';
import { CLAIM_COUNT, ClaimCluster } from './cluster.js';
import { Crowd } from './crowd.js';
import { openScreen } from './screen.js';
import { startPortal, type ServedPortal } from './served-portal.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const PAGES = 200;
/** Of one claim, each of another one; the other pages show the list. */
const CLAIM_PAGES = 20;
const CROWD_MS = 5000;
const SCREEN_MS = 2000;
const CHANGES_PER_SECOND = 50;
/** Of so many changes one is waited for. */
const PROBED = 15;

export async function measurePortal(stateDir: string): Promise<Row[]> {
  const plane = await startControlPlane('local', stateDir);
  const cluster = new ClaimCluster(plane);
  try {
    await cluster.fill();
    const people = await cluster.people(PAGES);
    const portal = await startPortal(join(stateDir, 'bench-kubeconfig'));
    try {
      const ofCrowd = await measureCrowd(portal, cluster, people);
      return [...ofCrowd, ...(await measureScreen(portal, cluster, plane.token))];
    } finally {
      await portal.close();
    }
  } finally {
    cluster.close();
    await plane.close();
  }
}

async function measureCrowd(
  portal: ServedPortal,
  cluster: ClaimCluster,
  people: readonly string[],
): Promise<Row[]> {
  const aloneMiB = await portal.residentMiB();
  const crowd = new Crowd(portal.url, people);
  const awaited = new Map<string, () => void>();
  await crowd.open('/api/stream', (text) => {
    for (const [message, tell] of awaited) if (text.includes(message)) tell();
  });
  for (let page = 1; page < PAGES - CLAIM_PAGES; page += 1) await crowd.open('/api/stream');
  for (const { namespace, name } of cluster.places.slice(0, CLAIM_PAGES))
    await crowd.open(`/api/claims/cluster/${namespace}/${name}/stream`);
  const quietMiB = await portal.residentMiB();
  const cpuBeforeMs = await portal.cpuMs();
  const delaysMs: number[] = [];
  await churn(cluster, CROWD_MS, (change, message) => {
    if (change % PROBED !== 0) return;
    const beganMs = performance.now();
    awaited.set(message, () => {
      awaited.delete(message);
      delaysMs.push(performance.now() - beganMs);
    });
  });
  const [churnedMiB, peakMiB] = [await portal.residentMiB(), await portal.peakMiB()];
  const busy = ((await portal.cpuMs()) - cpuBeforeMs) / CROWD_MS;
  crowd.close();
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(delaysMs, share).toFixed(0));
  return [
    {
      figure: `portal: ${PAGES} pages, ${CLAIM_COUNT} claims, ${CHANGES_PER_SECOND} changes/s`,
      measured: `${churnedMiB.toFixed(0)} MiB, ${peakMiB.toFixed(0)} MiB at most`,
      goal: '120 MiB',
      ratio: `${(churnedMiB / aloneMiB).toFixed(2)} × without a page, ${(churnedMiB / quietMiB).toFixed(2)} × without a change`,
    },
    {
      figure: 'portal: from a change of a status to the page',
      measured: `p50 ${p50 ?? ''} ms, p99 ${p99 ?? ''} ms`,
      goal: '1000 ms',
      ratio: `${(busy * 100).toFixed(0)} % of a processor meanwhile`,
    },
  ];
}

async function measureScreen(
  { url }: ServedPortal,
  cluster: ClaimCluster,
  token: string,
): Promise<Row[]> {
  const figure = `portal: first paint, ${CLAIM_COUNT} claims`;
  if (!existsSync(CHROMIUM))
    return [{ figure, measured: `not measured: no browser at ${CHROMIUM}` }];
  const screen = await openScreen(CHROMIUM, { url, token, total: CLAIM_COUNT });
  try {
    const listingMs = await screen.longestTaskMs();
    await churn(cluster, SCREEN_MS, () => undefined);
    const changingMs = await screen.longestTaskMs();
    return [
      {
        figure,
        measured: `${screen.firstPaintMs.toFixed(0)} ms, all listed after ${screen.listedMs.toFixed(0)} ms`,
        goal: '500 ms',
        ratio: `longest task ${taskOf(listingMs)}, while they change ${taskOf(changingMs)}`,
      },
    ];
  } finally {
    await screen.close();
  }
}

function taskOf(longestMs: number): string {
  return longestMs === 0 ? 'below 50 ms' : `${longestMs.toFixed(0)} ms`;
}

/** Changes one claim after another for so long, and tells of each just before. */
async function churn(
  cluster: ClaimCluster,
  durationMs: number,
  tell: (change: number, message: string) => void,
): Promise<void> {
  const endMs = performance.now() + durationMs;
  for (let change = 0; performance.now() < endMs; change += 1) {
    const nextMs = performance.now() + 1000 / CHANGES_PER_SECOND;
    const message = `change-${change}-`;
    tell(change, message);
    await cluster.tell(change * 7, message);
    const waitMs = nextMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
