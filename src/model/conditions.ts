/** Reasons of conditions that are told in words of their own. */

/** Of `Synced` False: somebody set the annotation `crossplane.io/paused`. A wish, and no failure. */
export const PAUSED = 'ReconcilePaused';
