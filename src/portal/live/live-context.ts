/** What every stream needs, and how each of them begins, keeps its rights up to date and ends. */
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { Clock } from '../../support/clock.js';
import type { Log } from '../../support/log.js';
import type { ClusterState, Refusal } from '../contract.js';
import type { EventStream } from '../http/event-stream.js';
import { refusalOf, toPdrError } from '../http/refusal.js';
import { ACCESS_TTL_MS, type Access } from '../session/access.js';
import type { SharedWatch } from './shared-watch.js';

export interface LiveContext {
  readonly watch: SharedWatch;
  readonly access: Access;
  readonly clock: Clock;
  readonly log: Log;
}

interface CommonEvents {
  readonly cluster: ClusterState;
  readonly refused: Refusal;
}

/**
 * Sends what the stream shows now, then again whenever the caller's rights are asked anew; tells of the cluster's state in between.
 * A failure is told and ends the stream: the browser connects again and hears how it is then.
 */
export function keepStream<Events extends CommonEvents>(
  { watch, clock }: LiveContext,
  stream: EventStream<Events>,
  refresh: () => Promise<void>,
): {
  readonly signal: AbortSignal;
  readonly guarded: (work: () => Promise<void>) => Promise<void>;
} {
  const stop = new AbortController();
  const { signal } = stop;
  const common = stream as unknown as EventStream<CommonEvents>;
  const guarded = async (work: () => Promise<void>) => {
    try {
      if (!signal.aborted) await work();
    } catch (error) {
      common.send(
        'refused',
        refusalOf(toPdrError(error, isApiError(error) ? 'the cluster' : 'stream')),
      );
      stream.end();
    }
  };
  const tellCluster = () => common.send('cluster', watch.state);
  const stopTelling = watch.onCluster(tellCluster);
  stream.onClose(() => {
    stop.abort();
    stopTelling();
  });
  tellCluster();
  void (async () => {
    while (!signal.aborted) {
      await guarded(refresh);
      await clock.sleep(ACCESS_TTL_MS, signal);
      stream.beat();
    }
  })();
  return { signal, guarded };
}
