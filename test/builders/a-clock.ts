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

/** How long to wait for one who woke to sleep again: not all do. */
const MOST_TURNS = 100;

interface Sleeper {
  readonly ms: number;
  readonly untilMs: number;
  readonly wake: () => void;
}

export function aClock(startMs = Date.UTC(2026, 0, 15, 12, 0, 0)): ManualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  const turns = async (count: number) => {
    for (let i = 0; i < count; i += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  /** Whoever woke goes through the event loop, disk included, before time moves on: most of them to sleep again. */
  const settle = async (asleep = 0) => {
    await turns(5);
    for (let i = 0; i < MOST_TURNS && sleepers.size < asleep; i += 1) await turns(1);
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
      const asleep = sleepers.size;
      for (const sleeper of sleepers) if (sleeper.untilMs <= nowMs) sleeper.wake();
      await settle(asleep);
    },
    advance: async (ms) => {
      const targetMs = nowMs + ms;
      let asleep = 0;
      for (;;) {
        await settle(asleep);
        const due = [...sleepers].filter(({ untilMs }) => untilMs <= targetMs);
        const nextMs = Math.min(...due.map(({ untilMs }) => untilMs));
        if (due.length === 0) break;
        nowMs = Math.max(nowMs, nextMs);
        asleep = sleepers.size;
        for (const sleeper of due) if (sleeper.untilMs <= nowMs) sleeper.wake();
      }
      nowMs = targetMs;
      await settle();
    },
  };
}
