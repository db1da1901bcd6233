/** Phase: a person asked for a look now (`crossplane.io/reconcile-requested-at`); this is it. */
import { reconcileRequest } from '../../../support/kubernetes/reconcile-annotations.js';
import type { Round } from './round.js';

export async function acknowledgeRequest(round: Round): Promise<void> {
  const { resource, world } = round;
  const request = reconcileRequest(resource);
  if (request === undefined || request === resource.status?.lastHandledReconcileAt) return;
  await world.events.record(
    resource,
    'Normal',
    'ReconcileRequestHandled',
    'Handling reconcile request',
  );
  round.handles(request);
}
