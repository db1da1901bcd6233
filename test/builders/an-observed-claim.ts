/** A claim as it is observed, with all that it is made of: ready, unless a case says otherwise. */
import type { ObservedClaim } from '../../src/claims/observation/observe.js';
import type { KubernetesObject, Stored } from '../../src/support/kubernetes/objects.js';

export const TIME = '2026-01-01T00:00:00Z';
export const condition = (type: string, status: string, reason: string, message?: string) => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: TIME,
});
export const SYNCED = condition('Synced', 'True', 'ReconcileSuccess');
export const READY = condition('Ready', 'True', 'Available');
export const CREATING = condition('Ready', 'False', 'Creating');
export const REFUSED = condition('Synced', 'False', 'ReconcileError', 'AccessDenied: no such role');
export const WAITS = {
  template: 'alarm',
  kind: 'MetricAlarm',
  for: [{ field: 'status.primary.topic.arn', from: 'topic-primary' }],
};

export function an(
  kind: string,
  name: string,
  conditions: object[],
  metadata: object = {},
): Stored {
  return {
    apiVersion: 'example.org/v1',
    kind,
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: TIME, ...metadata },
    status: { conditions },
  };
}

interface State {
  readonly claim?: object[];
  readonly composite?: object[];
  readonly resources?: readonly KubernetesObject[];
  readonly missing?: ObservedClaim['missing'];
}

export function observed({
  claim = [SYNCED, READY],
  composite = [SYNCED, READY],
  resources = [],
  missing = [],
}: State): ObservedClaim {
  return {
    form: 'cluster',
    claim: an('PaymentsDR', 'checkout', claim, { namespace: 'team' }),
    composite: an('XPaymentsDR', 'checkout-x', composite),
    resources,
    missing,
    hidden: [],
  };
}
