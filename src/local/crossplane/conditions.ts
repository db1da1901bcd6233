/** The conditions that Crossplane writes, and the words that go with them: the same cause always gives the same words. */
import type { Condition } from '../../support/kubernetes/objects.js';

/** A condition before it is set on an object, which adds the time and the generation. */
export type ConditionText = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'> & {
  /** A function's: it knows of no generation. */
  readonly isUnstamped?: true;
};

export const reconciled: ConditionText = {
  type: 'Synced',
  status: 'True',
  reason: 'ReconcileSuccess',
};

export const PAUSED_MESSAGE =
  'Reconciliation (including deletion) is paused via the pause annotation';

export const paused: ConditionText = {
  type: 'Synced',
  status: 'False',
  reason: 'ReconcilePaused',
  message: PAUSED_MESSAGE,
};

export function notReconciled(message: string): ConditionText {
  return { type: 'Synced', status: 'False', reason: 'ReconcileError', message };
}

export const available: ConditionText = { type: 'Ready', status: 'True', reason: 'Available' };
export const deleting: ConditionText = { type: 'Ready', status: 'False', reason: 'Deleting' };

export const waiting: ConditionText = {
  type: 'Ready',
  status: 'False',
  reason: 'Waiting',
  message: 'Claim is waiting for composite resource to become Ready',
};

/** Without a message where a function said "not ready" itself: then it has told why. */
export function creating(message?: string): ConditionText {
  const condition = { type: 'Ready', status: 'False', reason: 'Creating' } as const;
  return message === undefined ? condition : { ...condition, message };
}

/** That changes of composed resources reach the engine. */
export const responsive: ConditionText = {
  type: 'Responsive',
  status: 'True',
  reason: 'WatchCircuitClosed',
};

const NAMED = 3;

/** `a, b, and c` or `a, b, c, and 2 more`: in the order of the alphabet, so that the message does not depend on chance. */
export function nameSome(names: readonly string[]): string {
  const sorted = names.toSorted();
  const more = sorted.length - NAMED;
  const named = sorted.slice(0, NAMED);
  if (more > 0) return `${named.join(', ')}, and ${more} more`;
  // Only as many as are named at most are joined by an "and" (crossplane-runtime, FirstNAndSomeMore).
  if (more === 0) return `${named.slice(0, -1).join(', ')}, and ${named.at(-1) ?? ''}`;
  return named.join(', ');
}
