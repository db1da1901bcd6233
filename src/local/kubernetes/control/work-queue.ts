/**
 * The work queue of the server's own controllers: one run at a time per key, repeated with a pause while it fails.
 *
 * A key that is added while it runs runs once more. `stop` drops what waits and resolves when nothing runs.
 */
import type { Clock } from '../../../support/clock.js';
import type { Log } from '../../../support/log.js';

const RETRY_MS = 200;

export class WorkQueue {
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Map<string, () => Promise<void>>();
  readonly #stop = new AbortController();

  constructor(private readonly context: { readonly clock: Clock; readonly log: Log }) {}

  /** Runs `work` soon, or after `afterMs`. */
  add(key: string, work: () => Promise<void>, afterMs = 0): void {
    if (this.#stop.signal.aborted) return;
    if (this.#running.has(key)) {
      this.#again.set(key, work);
      return;
    }
    this.#running.set(key, this.#run(key, work, afterMs));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#again.clear();
    await Promise.all(this.#running.values());
  }

  async #run(key: string, work: () => Promise<void>, afterMs: number): Promise<void> {
    const { clock, log } = this.context;
    const { signal } = this.#stop;
    await (afterMs > 0 ? clock.sleep(afterMs, signal) : Promise.resolve());
    while (!signal.aborted) {
      this.#again.delete(key);
      try {
        await work();
        break;
      } catch (error) {
        log.debug('controller failed', { key, error });
        await clock.sleep(RETRY_MS, signal);
      }
    }
    this.#running.delete(key);
    const next = this.#again.get(key);
    this.#again.delete(key);
    if (next !== undefined) this.add(key, next);
  }
}
