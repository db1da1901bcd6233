/** Many open pages: each takes its stream as a browser does and keeps nothing of it, but for the one that tells what it sees. */
import { Agent, get, type IncomingMessage } from 'node:http';

export class Crowd {
  readonly #agent = new Agent({ maxSockets: Infinity });
  readonly #pages: IncomingMessage[] = [];

  constructor(
    private readonly url: string,
    /** Of people: each page is another one's, in turn. */
    private readonly tokens: readonly string[],
  ) {}

  /** Opens a page on the stream at `path`; resolves with its first bytes. */
  async open(path: string, told: (text: string) => void = () => undefined): Promise<void> {
    const page = await new Promise<IncomingMessage>((resolve, reject) => {
      const token = this.tokens[this.#pages.length % this.tokens.length] ?? '';
      const headers = { authorization: `Bearer ${token}` };
      get(this.url + path, { agent: this.#agent, headers }, resolve).on('error', reject);
    });
    page.on('error', () => undefined); // closed by us
    this.#pages.push(page);
    await new Promise<void>((resolve) => {
      page.on('data', (chunk: Buffer) => {
        resolve();
        told(chunk.toString());
      });
    });
  }

  close(): void {
    for (const page of this.#pages) page.destroy();
    this.#agent.destroy();
  }
}
