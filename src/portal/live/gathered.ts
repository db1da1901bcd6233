/** Gathers what changes in a short while into one piece of work, and never lets two pieces run at once. */
import type { Clock } from '../../support/clock.js';

/** Short beside the second in which a change has to be on screen; a claim that comes up changes dozens of times in one. */
const GATHER_MS = 100;

export class Gathered<T> {
  readonly #items = new Set<T>();
  #isRunning = false;

  constructor(
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
    private readonly work: (items: ReadonlySet<T>) => Promise<void>,
  ) {}

  add(item: T): void {
    this.#items.add(item);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#items.size > 0 && !this.signal.aborted) {
      await this.clock.sleep(GATHER_MS, this.signal);
      const items = new Set(this.#items);
      this.#items.clear();
      await this.work(items);
    }
    this.#isRunning = false;
  }
}
