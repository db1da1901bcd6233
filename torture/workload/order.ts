/** One payer's wish: sent at a time, and again until it is answered, unless the payer gives up. */
import type { Payment } from '../history/attempt.js';

export interface Order {
  readonly atMs: number;
  readonly transactionId: string;
  /** As it is sent: amounts may be written in more than one way, or badly. */
  readonly event: object;
  /** What the event means, in canonical form. */
  readonly payment: Payment;
  readonly isValid: boolean;
  /** Whether its payer leaves it to Lambda (invocation type Event) in place of waiting for the answer. */
  readonly isAsync: boolean;
  /** Where to send it: the first try to the first, the next to the second, and around. */
  readonly regions: readonly [string, ...string[]];
  readonly givesUp: boolean;
  /** How long the payer waits before each further try, while faults come and go. */
  readonly pausesMs: readonly number[];
}
