/**
 * The annotations by which a person steers how often a composite or managed resource is looked at.
 *
 * crossplane-runtime 2.3, `pkg/meta`.
 */
import { parseGoDuration } from '../duration.js';
import type { ObjectMeta } from './objects.js';

const REQUESTED_AT = 'crossplane.io/reconcile-requested-at';
const POLL_INTERVAL = 'crossplane.io/poll-interval';

interface Annotated {
  readonly metadata: Pick<ObjectMeta, 'annotations'>;
}

/** The token of a request to look now: any text, which `status.lastHandledReconcileAt` repeats once it was done. */
export function reconcileRequest({ metadata }: Annotated): string | undefined {
  const token = metadata.annotations?.[REQUESTED_AT] ?? '';
  return token === '' ? undefined : token;
}

/** The pause between looks that this object asks for, in milliseconds. One that is no duration, or none, is as if absent. */
export function requestedPollIntervalMs({ metadata }: Annotated): number | undefined {
  const ms = parseGoDuration(metadata.annotations?.[POLL_INTERVAL] ?? '') ?? 0;
  return ms > 0 ? ms : undefined;
}
