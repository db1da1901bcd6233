/**
 * Server-sent events to one page.
 *
 * Promises order, and that a page which does not keep up costs no memory: it is cut off, and begins anew with everything when
 * its browser connects again.
 */
import type { ServerResponse } from 'node:http';

/** So much unsent is a page that sleeps; a thousand claims are a third of it. */
const UNSENT_LIMIT_BYTES = 2 * 1024 * 1024;
/** How soon a browser that lost the stream tries again. */
const RECONNECT_MS = 1000;

export class EventStream<Events extends object> {
  readonly #closers: (() => void)[] = [];
  #isOpen = true;

  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies of the nginx kind hold back what they could gather.
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
    response.on('close', () => {
      this.#isOpen = false;
      for (const close of this.#closers.splice(0)) close();
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send<E extends keyof Events & string>(event: E, data: Events[E]): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A comment: it keeps proxies from taking a quiet stream for a dead one. */
  beat(): void {
    this.#write(':\n\n');
  }

  /** Runs when the stream is over, whoever ended it; at once where it is over already. */
  onClose(close: () => void): void {
    if (this.#isOpen) this.#closers.push(close);
    else close();
  }

  end(): void {
    this.response.end();
  }

  #write(text: string): void {
    if (!this.#isOpen) return;
    if (this.response.writableLength > UNSENT_LIMIT_BYTES) this.response.destroy();
    else this.response.write(text);
  }
}
