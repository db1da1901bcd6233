/**
 * A person asked for a pass now (`crossplane.io/reconcile-requested-at`): what is told of it.
 *
 * Crossplane 2.3 gives composites no field for the answer. Unless the author of the definition has one, the API server drops
 * it, and every pass tells the event again, there as here.
 */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { reconcileRequest } from '../../../support/kubernetes/reconcile-annotations.js';
import type { EngineContext } from '../engine-context.js';
import type { Composite } from './composite.js';

export function acknowledgeRequest(composite: Stored<Composite>, { events }: EngineContext): void {
  const request = reconcileRequest(composite);
  if (request === undefined || request === composite.status?.lastHandledReconcileAt) return;
  events.normal(composite, 'ReconcileRequestHandled', 'Handling reconcile request');
}

/** What goes into the status with everything else that the pass has found. */
export function handledRequest(composite: Stored<Composite>): {
  readonly lastHandledReconcileAt?: string;
} {
  const request = reconcileRequest(composite);
  return request === undefined ? {} : { lastHandledReconcileAt: request };
}
