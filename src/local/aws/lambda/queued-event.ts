/** An asynchronous invocation that Lambda has accepted, as it waits on disk. */
import type { Invocation } from './sandbox.js';

export interface QueuedEvent extends Invocation {
  readonly region: string;
  readonly functionName: string;
  readonly acceptedAtMs: number;
  /** How often the function has failed on it. */
  readonly failures: number;
}
