/** Waits until something outside is so, by asking again and again. */
import type { Clock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';

const POLL_MS = 5;

/** The first answer that is not `undefined`. Throws PDR1007 when there is none within `patienceMs`. */
export async function until<T>(
  clock: Clock,
  what: string,
  ask: () => Promise<T | undefined>,
  patienceMs = 15_000,
): Promise<T> {
  const beganMs = clock.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (clock.now() - beganMs > patienceMs) {
      throw new PdrError('PDR1007', { subject: what, detail: `not within ${patienceMs / 1000} s` });
    }
    await clock.sleep(POLL_MS);
  }
}
