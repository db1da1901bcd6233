/**
 * What becomes of payments that were left to Lambda: each is followed until the function has answered it, or the on-failure
 * destination was told.
 */
import type { Clock } from '../../src/support/clock.js';
import type { GivenUp } from '../history/given-up.js';
import type { History } from '../history/history.js';
import { answersIn, readLog, type LogLine, type LogSource } from './function-log.js';
import type { OnCall } from './oncall.js';

export interface AftermathOptions {
  readonly logs: readonly LogSource[];
  readonly onCall: OnCall;
  readonly history: History;
  readonly clock: Clock;
}

/** An event that is not heard of for so long, with all regions whole, never will be: a function runs ten seconds at most, three times. */
const PATIENCE_MS = 45_000;
const POLL_MS = 50;
/** In a storm. */
const SLOW_POLL_MS = 1000;
/** How far a region's clock may be behind, and a little more. */
const MOST_SKEW_MS = 65_000;

export class Aftermath {
  readonly #givenUp = new Map<string, GivenUp>();

  constructor(private readonly options: AftermathOptions) {}

  /** Everything that the destinations were told of attempts in the history. */
  get givenUp(): GivenUp[] {
    return [...this.#givenUp.values()];
  }

  /** Resolves when it is known of each accepted attempt what became of it, or patience is at its end. */
  async untilKnown(): Promise<void> {
    const { history, clock } = this.options;
    const beganMs = clock.now();
    for (;;) {
      await this.#look();
      if (history.accepted.length === 0 || clock.now() - beganMs > PATIENCE_MS) return;
      await clock.sleep(POLL_MS);
    }
  }

  /** Looks again and again while the work goes on. The sooner an end is known, the less can be excused by a race with it. */
  async during<T>(work: Promise<T>): Promise<T> {
    const { clock } = this.options;
    const over = new AbortController();
    const following = (async () => {
      while (!over.signal.aborted) {
        await this.#look();
        await clock.sleep(SLOW_POLL_MS, over.signal);
      }
    })();
    try {
      return await work;
    } finally {
      over.abort();
      await following;
    }
  }

  async #look(): Promise<void> {
    const { history, onCall, logs, clock } = this.options;
    const waiting = history.accepted;
    if (waiting.length === 0) return;
    const oldestMs = Math.min(...waiting.map(({ invokedAtMs }) => invokedAtMs));
    const sinceMs = clock.now() - (history.elapsedMs() - oldestMs) - MOST_SKEW_MS;
    const lines = await Promise.all(
      logs.map((log) => readLog(log, sinceMs).catch((): LogLine[] => [])),
    );
    const answers = lines.map(answersIn);
    const told = new Map((await onCall.givenUp()).map((one) => [one.requestId, one]));
    for (const attempt of waiting) {
      const { requestId = '' } = attempt;
      const answer = answers.find((some) => some.has(requestId))?.get(requestId);
      const givenUp = told.get(requestId);
      if (givenUp !== undefined) {
        this.#givenUp.set(requestId, givenUp);
        history.note('given-up', givenUp);
      }
      if (answer !== undefined) history.resolve(attempt, answer);
      else if (givenUp !== undefined) {
        history.resolve(attempt, { outcome: 'given-up', detail: givenUp.condition });
      }
    }
  }
}
