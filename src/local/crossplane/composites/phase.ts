/** The phases of a pass, and how the failure of one is told. */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { FunctionCondition } from '../functions/protocol.js';
import { FatalResult, type StepResult } from './fatal-result.js';

/** What failed, in the words of the Synced condition, with the reason of the event that tells of it. */
export class PhaseError extends Error {
  constructor(
    readonly reason: string,
    what: string,
    cause: unknown,
  ) {
    super(`${what}: ${wordsOf(cause)}`, { cause });
  }

  /** What the condition says; the event tells the whole. */
  get summary(): string {
    return this.message;
  }
}

/** Composing failed: nobody knows any more what the conditions of the functions stand for, but those of this pass. */
export class ComposeError extends PhaseError {
  constructor(cause: unknown) {
    super('ComposeResources', WHAT, cause);
  }

  override get summary(): string {
    return causedBy(this, (error) => isApiError(error, 'Invalid'))
      ? `${WHAT}: some resources were invalid, check events`
      : this.message;
  }

  get results(): readonly StepResult[] {
    return this.cause instanceof FatalResult ? this.cause.results : [];
  }

  get conditions(): readonly FunctionCondition[] {
    return this.cause instanceof FatalResult ? this.cause.conditions : [];
  }
}

const WHAT = 'cannot compose resources';

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

/** Runs the phase that composes. */
export async function composing<T>(phase: () => Promise<T>): Promise<T> {
  try {
    return await phase();
  } catch (error) {
    if (isApiError(error, 'Conflict')) throw error;
    throw new ComposeError(error);
  }
}

/** A part of a phase: its failure says `what` failed within it. */
export async function explained<T>(what: string, part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    if (isApiError(error, 'Conflict')) throw error;
    throw new Error(`${what}: ${wordsOf(error)}`, { cause: error });
  }
}

const wordsOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

function causedBy(error: unknown, matches: (error: unknown) => boolean): boolean {
  if (matches(error)) return true;
  return error instanceof Error && error.cause !== undefined && causedBy(error.cause, matches);
}
