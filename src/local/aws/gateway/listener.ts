/**
 * One address that can be closed so that it refuses connections, and opened again at the same port.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { PdrError } from '../../../support/errors.js';

const HOST = '127.0.0.1';
/** Longer than the SDKs keep an idle connection, so that they never write to one that closes. */
const KEEP_ALIVE_MS = 75_000;

export class Listener {
  private server: Server | undefined;
  private chosenPort = 0;

  constructor(private readonly answer: RequestListener) {}

  get port(): number {
    return this.chosenPort;
  }

  get url(): string {
    return `http://${HOST}:${this.chosenPort}`;
  }

  /** Opens at `port` (0: any free one). Throws `PdrError` PDR1002 where it is taken. */
  async open(port: number): Promise<void> {
    if (this.server !== undefined) return;
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, this.answer);
    server.requestTimeout = 0;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(new PdrError('PDR1002', { subject: `${HOST}:${port}`, cause })),
      );
      server.listen(port, HOST, resolve);
    });
    this.server = server;
    this.chosenPort = (server.address() as AddressInfo).port;
  }

  /** Opens at `preferred` where it is free, else at any port that is. */
  async openNear(preferred: number | undefined): Promise<void> {
    if (preferred === undefined) return this.open(0);
    try {
      await this.open(preferred);
    } catch {
      await this.open(0);
    }
  }

  /** Destroys what is connected: from now on the port refuses. */
  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }
}
