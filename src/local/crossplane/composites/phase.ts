/** The phases of a pass, and how the failure of one is told. */
import { isApiError } from '../../../support/kubernetes/api-error.js';

/** What failed, in the words of the Synced condition, with the reason of the event that tells of it. */
export class PhaseError extends Error {
  constructor(
    readonly reason: string,
    what: string,
    cause: unknown,
  ) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Runs a phase; its failure says `what` failed. A write conflict passes as it is: it is nobody's failure. */
export async function inPhase<T>(
  reason: string,
  what: string,
  phase: () => Promise<T>,
): Promise<T> {
  try {
    return await phase();
  } catch (error) {
    if (isApiError(error, 'Conflict')) throw error;
    throw new PhaseError(reason, what, error);
  }
}
