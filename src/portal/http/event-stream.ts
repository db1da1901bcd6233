/**
 * Server-sent events to one page.
 *
 * Promises order, and that a page which does not keep up costs little memory: it is `isBehind` then, whoever has news waits for
 * `onceCaughtUp`, and one that stays behind is cut off; its browser connects again and begins anew.
 */
import type { ServerResponse } from 'node:http';

/** So much unsent is a page that does not keep up: a browser that sleeps, a slow line. */
const BEHIND_BYTES = 64 * 1024;
/** A page that takes nothing for so many beats is cut off. */
const PATIENCE_BEATS = 4;
/** How soon a browser that lost the stream tries again. */
const RECONNECT_MS = 1000;

export class EventStream<Events extends object> {
  readonly #closers: (() => void)[] = [];
  readonly #waiting = new Set<() => void>();
  #isOpen = true;
  #beatsBehind = 0;

  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies of the nginx kind hold back what they could gather.
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
    response.on('drain', () => this.#catchUp());
    response.on('close', () => {
      this.#isOpen = false;
      this.#catchUp();
      for (const close of this.#closers.splice(0)) close();
    });
  }

  /** An event as bytes, which can be sent to any number of pages. `json` is its data as JSON. */
  static frameOf(event: string, json: string): Buffer {
    return Buffer.from(`event: ${event}\ndata: ${json}\n\n`);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isBehind(): boolean {
    return this.response.writableLength > BEHIND_BYTES;
  }

  send<E extends keyof Events & string>(event: E, data: Events[E]): void {
    this.sendFrame(EventStream.frameOf(event, JSON.stringify(data)));
  }

  sendFrame(frame: Buffer): void {
    if (this.#isOpen) this.response.write(frame);
  }

  /** Resolves when everything is sent, or the stream is over. */
  onceCaughtUp(): Promise<void> {
    if (!this.isBehind || !this.#isOpen) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** A comment: it keeps proxies from taking a quiet stream for a dead one. */
  beat(): void {
    if (!this.isBehind) this.response.write(':\n\n');
    else if ((this.#beatsBehind += 1) >= PATIENCE_BEATS) this.response.destroy();
  }

  /** Runs when the stream is over, whoever ended it; at once where it is over already. */
  onClose(close: () => void): void {
    if (this.#isOpen) this.#closers.push(close);
    else close();
  }

  end(): void {
    this.response.end();
  }

  #catchUp(): void {
    this.#beatsBehind = 0;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
