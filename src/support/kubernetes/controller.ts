/**
 * A controller's work queue: reconciles one key at a time per key, several keys side by side.
 *
 * A key that is added while it is being reconciled is reconciled once more afterwards; failures are retried with a growing
 * pause. Nothing is lost between `enqueue` and a settled outcome, except by `stop`.
 */
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { isApiError } from './api-error.js';

/** What a reconcile says of its key: done until something changes, or to be looked at again. */
export type Outcome =
  | { readonly kind: 'settled' }
  | { readonly kind: 'again'; readonly afterMs: number; readonly because: string };

export const settled: Outcome = { kind: 'settled' };

export function again(afterMs: number, because: string): Outcome {
  return { kind: 'again', afterMs, because };
}

export interface ControllerOptions {
  readonly name: string;
  /** Brings the world to what the object of this key asks for. Throwing means "retry with backoff". */
  readonly reconcile: (key: string) => Promise<Outcome>;
  readonly clock: Clock;
  readonly log: Log;
  /** Keys reconciled side by side. @default 8 */
  readonly concurrency?: number;
  /** The first pause after a failure; it doubles up to `maxBackoffMs`. @default 100 */
  readonly minBackoffMs?: number;
  /** @default 30000 */
  readonly maxBackoffMs?: number;
}

/** The pause after a write conflict: somebody else just wrote, so the next try will most likely succeed. */
const CONFLICT_RETRY_MS = 20;

export class Controller {
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, number>();
  /** Keys waiting for a moment: when, and the timer that will queue them. */
  readonly #delayed = new Map<string, { atMs: number; cancel: AbortController }>();
  #stopped = false;

  constructor(private readonly options: ControllerOptions) {}

  enqueue(key: string): void {
    if (this.#stopped) return;
    this.#ready.add(key);
    this.#dispatch();
  }

  /** Queues the key after a pause; of two pauses the earlier counts. */
  enqueueAfter(key: string, afterMs: number): void {
    if (this.#stopped) return;
    if (afterMs <= 0) {
      this.enqueue(key);
      return;
    }
    const atMs = this.options.clock.now() + afterMs;
    const waiting = this.#delayed.get(key);
    if (waiting !== undefined) {
      if (waiting.atMs <= atMs) return;
      waiting.cancel.abort();
    }
    const cancel = new AbortController();
    this.#delayed.set(key, { atMs, cancel });
    void this.options.clock.sleep(afterMs, cancel.signal).then(() => {
      if (cancel.signal.aborted) return;
      this.#delayed.delete(key);
      this.enqueue(key);
    });
  }

  /** Takes no more work; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#ready.clear();
    for (const { cancel } of this.#delayed.values()) cancel.abort();
    this.#delayed.clear();
    await Promise.all(this.#running.values());
  }

  #dispatch(): void {
    const limit = this.options.concurrency ?? 8;
    for (const key of this.#ready) {
      if (this.#running.size >= limit) return;
      if (this.#running.has(key)) continue;
      this.#ready.delete(key);
      this.#running.set(
        key,
        this.#reconcile(key).finally(() => {
          this.#running.delete(key);
          this.#dispatch();
        }),
      );
    }
  }

  async #reconcile(key: string): Promise<void> {
    const { name, log, reconcile } = this.options;
    try {
      const outcome = await reconcile(key);
      this.#failures.delete(key);
      if (outcome.kind === 'again') this.enqueueAfter(key, outcome.afterMs);
    } catch (error) {
      if (isApiError(error, 'Conflict')) {
        this.enqueueAfter(key, CONFLICT_RETRY_MS);
        return;
      }
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      log.debug('reconcile failed', { controller: name, key, failures, error });
      this.enqueueAfter(key, this.#backoffMs(failures));
    }
  }

  #backoffMs(failures: number): number {
    const { minBackoffMs = 100, maxBackoffMs = 30_000 } = this.options;
    return Math.min(maxBackoffMs, minBackoffMs * 2 ** (failures - 1));
  }
}
