/** The function did not answer: not reached, not in time, or with a gRPC error of its own. */
export class FunctionCallError extends Error {
  constructor(
    readonly target: string,
    /** The gRPC status, for example `UNAVAILABLE`. */
    readonly code: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`rpc error: code = ${code} desc = ${reason} (at ${target})`, options);
  }
}
