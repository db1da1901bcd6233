/** Applies the claim and shows its resources become ready, as a tree that is drawn again with every change. */
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Clock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import type { Log } from '../../support/log.js';
import { applyObject } from '../platform/definition-files.js';
import { drawClaimTree, isReady } from '../view/claim-tree.js';
import { ClaimWatch } from '../../claims/observation/claim-watch.js';
import type { Narrator } from './narrator.js';

const PATIENCE_MS = 60_000;

export interface ClaimContext {
  readonly client: KubernetesClient;
  readonly narrator: Narrator;
  readonly clock: Clock;
  readonly log: Log;
}

/** Resolves with the claim once it is Ready. Throws PDR1007 with what holds it up. */
export async function bringUpClaim(
  context: ClaimContext,
  claim: KubernetesObject,
): Promise<KubernetesObject> {
  const { client, clock, log, narrator } = context;
  const watch = await ClaimWatch.start({ client, claim, clock, log });
  try {
    const stopTelling = tell(watch, narrator);
    await applyObject(client, claim);
    const ready = await untilReady(watch, clock);
    stopTelling();
    return ready;
  } finally {
    narrator.live.end();
    await watch.stop();
  }
}

function untilReady(watch: ClaimWatch, clock: Clock): Promise<KubernetesObject> {
  const patience = new AbortController();
  return new Promise((resolve, reject) => {
    watch.onChange(() => {
      const { claim } = watch;
      if (claim === undefined || !isReady(claim)) return;
      patience.abort();
      resolve(claim);
    });
    void clock.sleep(PATIENCE_MS, patience.signal).then(() => {
      if (patience.signal.aborted) return;
      const waiting = watch.resources.filter((resource) => !isReady(resource));
      reject(
        new PdrError('PDR1007', {
          subject: 'claim',
          detail: `not Ready within ${PATIENCE_MS / 1000} s; waiting for ${waiting.map(({ kind, metadata }) => `${kind} ${metadata.name ?? ''}`).join(', ') || 'its first resource'}`,
        }),
      );
    });
  });
}

/** On a terminal the tree, drawn again in place; elsewhere one line for each resource as it becomes ready. */
function tell(watch: ClaimWatch, narrator: Narrator): () => void {
  let isTelling = true;
  const told = new Set<string>();
  let isDrawn = false;
  const draw = () => {
    isDrawn = false;
    if (isTelling) narrator.live.draw(drawClaimTree(watch, narrator.colour));
  };
  watch.onChange(() => {
    if (!isTelling) return;
    if (narrator.isLive) {
      if (!isDrawn) setImmediate(draw);
      isDrawn = true;
      return;
    }
    for (const resource of watch.resources) {
      const name = `${resource.kind} ${resource.metadata.name ?? ''}`;
      if (!isReady(resource) || told.has(name)) continue;
      told.add(name);
      narrator.done(name, 'ready');
    }
  });
  return () => {
    draw();
    isTelling = false;
  };
}
