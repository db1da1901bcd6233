/**
 * The addresses of the local AWS: the gateway's, and one per region, at the same ports after a restart where they are free.
 */
import type { RequestListener } from 'node:http';

import type { DurableMap } from '../cloud.js';
import { Listener } from './listener.js';
import { COMMERCIAL_REGIONS } from './regions.js';

const GATEWAY = 'gateway';

export class Addresses {
  private constructor(
    private readonly gateway: Listener,
    private readonly regions: ReadonlyMap<string, Listener>,
    private readonly ports: DurableMap<number>,
  ) {}

  /**
   * Opens all. `answerAt` says who answers at a region's address, and at the one for all; `port` is the latter's, 0 for any.
   * Throws `PdrError` PDR1002 where that port is taken.
   */
  static async open(
    answerAt: (ownRegion?: string) => RequestListener,
    port: number,
    ports: DurableMap<number>,
  ): Promise<Addresses> {
    const addresses = new Addresses(
      new Listener(answerAt()),
      new Map(COMMERCIAL_REGIONS.map((region) => [region, new Listener(answerAt(region))])),
      ports,
    );
    try {
      await addresses.openAll(port);
    } catch (error) {
      await addresses.close();
      throw error;
    }
    return addresses;
  }

  get url(): string {
    return this.gateway.url;
  }

  get regionUrls(): ReadonlyMap<string, string> {
    return new Map([...this.regions].map(([region, listener]) => [region, listener.url]));
  }

  urlOf(region: string): string {
    const listener = this.regions.get(region);
    if (listener === undefined) throw new RangeError(`unknown region: ${region}`);
    return listener.url;
  }

  /** From now on the region's address refuses connections. */
  async closeRegion(region: string): Promise<void> {
    await this.regions.get(region)?.close();
  }

  /** The region's address answers again, at the port it had. Throws `PdrError` PDR1002 where another took it meanwhile. */
  async openRegion(region: string): Promise<void> {
    const listener = this.regions.get(region);
    await listener?.open(listener.port);
  }

  async close(): Promise<void> {
    await Promise.all([this.gateway, ...this.regions.values()].map((listener) => listener.close()));
  }

  private async openAll(port: number): Promise<void> {
    if (port === 0) await this.gateway.openNear(this.ports.get(GATEWAY));
    else await this.gateway.open(port);
    await Promise.all(
      [...this.regions].map(([region, listener]) => listener.openNear(this.ports.get(region))),
    );
    const chosen: [string, Listener][] = [[GATEWAY, this.gateway], ...this.regions];
    await Promise.all(
      chosen
        .filter(([name, listener]) => this.ports.get(name) !== listener.port)
        .map(([name, listener]) => this.ports.set(name, listener.port)),
    );
  }
}
