/** The conditions of a managed resource, with the words that Crossplane's providers use. */
import type { Condition } from '../../../support/kubernetes/objects.js';

export type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

export const creating: Said = { type: 'Ready', status: 'False', reason: 'Creating' };
export const deleting: Said = { type: 'Ready', status: 'False', reason: 'Deleting' };
export const available: Said = { type: 'Ready', status: 'True', reason: 'Available' };

export function unavailable(message: string): Said {
  return { type: 'Ready', status: 'False', reason: 'Unavailable', message };
}

export const reconciled: Said = { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' };

export const paused: Said = {
  type: 'Synced',
  status: 'False',
  reason: 'ReconcilePaused',
  message:
    'Reconciliation (including deletion) is paused either through the `spec.managementPolicies` or the pause annotation',
};

export function failed(message: string): Said {
  return { type: 'Synced', status: 'False', reason: 'ReconcileError', message };
}

export const lastOperationSucceeded: Said = {
  type: 'LastAsyncOperation',
  status: 'True',
  reason: 'Success',
};

export function lastOperationFailed(
  operation: 'Create' | 'Update' | 'Delete',
  message: string,
): Said {
  return {
    type: 'LastAsyncOperation',
    status: 'False',
    reason: `Async${operation}Failure`,
    message: `async ${operation.toLowerCase()} failed: ${message}`,
  };
}
