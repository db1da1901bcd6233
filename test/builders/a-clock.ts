/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/support/clock.js';

export interface ManualClock extends Clock {
  /** Moves time on and wakes who slept until then, each at its own time. Resolves when what they do at once is done. */
  advance(ms: number): Promise<void>;
  /** As `advance`, but in one leap: who slept wakes once, late. */
  leap(ms: number): Promise<void>;
  /** Whether somebody went to sleep for exactly so long, and sleeps. */
  isSlept(ms: number): boolean;
}

interface Sleeper {
  readonly ms: number;
  readonly untilMs: number;
  readonly wake: () => void;
}

export function aClock(startMs = Date.UTC(2026, 0, 15, 12, 0, 0)): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  const settle = async () => {
    // Whoever woke goes through the event loop, disk included, before time moves on.
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper: Sleeper = {
          ms,
          untilMs: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    isSlept: (wanted) => [...sleepers].some(({ ms }) => ms === wanted),
    leap: async (ms) => {
      nowMs += ms;
      for (const sleeper of sleepers) if (sleeper.untilMs <= nowMs) sleeper.wake();
      await settle();
    },
    advance: async (ms) => {
      const targetMs = nowMs + ms;
      for (;;) {
        await settle();
        const due = [...sleepers].filter(({ untilMs }) => untilMs <= targetMs);
        const nextMs = Math.min(...due.map(({ untilMs }) => untilMs));
        if (due.length === 0) break;
        nowMs = Math.max(nowMs, nextMs);
        for (const sleeper of due) if (sleeper.untilMs <= nowMs) sleeper.wake();
      }
      nowMs = targetMs;
      await settle();
    },
  };
}
