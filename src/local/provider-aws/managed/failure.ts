/** A phase that could not do its part: in the words of condition Synced, and the event that says the same. */
import { isApiError } from '../../../support/kubernetes/api-error.js';

export class PhaseFailure extends Error {
  override readonly name = 'PhaseFailure';

  constructor(
    /** Crossplane's event reason: `CannotObserveExternalResource`, … */
    readonly reason: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Runs a part of a phase; its failure says `prefix: …`. Conflicts pass as they are: they are retried in silence. */
export async function failingAs<T>(
  reason: string,
  prefix: string,
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isApiError(error, 'Conflict') || error instanceof PhaseFailure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new PhaseFailure(reason, `${prefix}: ${message}`, { cause: error });
  }
}
