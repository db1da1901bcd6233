/** A function said that composing cannot go on; what the pipeline had said until then is kept. */
import type { FunctionCondition, Result } from '../functions/protocol.js';

/** What a function reports, and the step of the pipeline that called it. */
export type StepResult = Result & { readonly step: string };

export class FatalResult extends Error {
  constructor(
    step: string,
    message: string,
    readonly results: readonly StepResult[],
    readonly conditions: readonly FunctionCondition[],
  ) {
    super(`pipeline step "${step}" returned a fatal result: ${message}`);
  }
}
