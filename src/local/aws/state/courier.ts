/**
 * A courier carries what one region owes another: it runs whenever it is woken, and again after the time its work asks for;
 * never twice at once. Work that fails is tried again.
 */
import type { Cloud } from '../cloud.js';

const RETRY_MS = 1000;

export class Courier {
  private isWoken = false;
  private running: Promise<void> | undefined;
  private waking = new AbortController();

  constructor(
    /** Does what can be done now; says after how many milliseconds there is more, or nothing where only a wake-up can help. */
    private readonly work: () => Promise<number | undefined>,
    private readonly cloud: Pick<Cloud, 'clock' | 'log'>,
    private readonly stop: AbortSignal,
  ) {
    stop.addEventListener('abort', () => {
      this.waking.abort();
    });
  }

  wake(): void {
    this.isWoken = true;
    // A sleep that has not begun yet ends at once too.
    this.waking.abort();
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.isWoken && !this.stop.aborted) this.wake();
    });
  }

  async stopped(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stop.aborted) {
      this.isWoken = false;
      this.waking = new AbortController();
      let afterMs: number | undefined;
      try {
        afterMs = await this.work();
      } catch (error) {
        this.cloud.log.error('replication will be tried again', { error });
        afterMs = RETRY_MS;
      }
      if (afterMs === undefined) return;
      await this.cloud.clock.sleep(afterMs, this.waking.signal);
    }
  }
}
