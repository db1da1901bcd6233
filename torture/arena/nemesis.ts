/** The nemesis: switches faults of the local AWS on and off, each with its entry in the history. */
import type { Faults } from '../../src/local/aws/server.js';
import type { Clock } from '../../src/support/clock.js';
import type { Fault, PlannedFault } from '../history/fault.js';
import type { History } from '../history/history.js';

export interface NemesisOptions {
  readonly faults: Faults;
  readonly history: History;
  readonly clock: Clock;
  /** What a link has without a fault. */
  readonly lagMs: number;
}

export class Nemesis {
  constructor(private readonly options: NemesisOptions) {}

  /** From here on which calls are struck follows from the seed and the order of the calls. */
  reseed(seed: number): void {
    this.options.faults.reseed(seed);
  }

  /** Resolves when the last fault is over: then everything is whole again. */
  async carryOut(planned: readonly PlannedFault[], beganMs: number): Promise<void> {
    const { clock } = this.options;
    await Promise.all(
      planned.map(async ({ atMs, forMs, fault }) => {
        await clock.sleep(Math.max(0, beganMs + atMs - clock.now()));
        await this.during([fault], () => clock.sleep(forMs));
      }),
    );
  }

  /** Resolves with what came of the work, done while all of these faults were on. */
  async during<T>(faults: readonly Fault[], work: () => Promise<T>): Promise<T> {
    const ends: (() => void)[] = [];
    for (const fault of faults) {
      ends.push(this.options.history.begin(fault));
      await this.#switchOn(fault);
    }
    const done = await work();
    for (const fault of faults) await this.#switchOff(fault);
    for (const end of ends) end();
    return done;
  }

  async #switchOn(fault: Fault): Promise<void> {
    const { faults } = this.options;
    switch (fault.kind) {
      case 'region-loss':
        await faults.takeDown(fault.region, fault.manner);
        return;
      case 'partition':
        faults.partition(...fault.regions);
        return;
      case 'pause':
        faults.pause(fault.from, fault.to);
        return;
      case 'slow-link':
        faults.setLag(fault.from, fault.to, fault.lagMs);
        return;
      case 'skew':
        faults.skew(fault.region, fault.aheadMs);
        return;
      case 'throttle':
      case 'slow':
      case 'loseResponse':
      case 'crash':
        faults.inject(fault);
        return;
    }
  }

  async #switchOff(fault: Fault): Promise<void> {
    const { faults, lagMs } = this.options;
    switch (fault.kind) {
      case 'region-loss':
        await faults.bringUp(fault.region);
        return;
      case 'partition':
        faults.heal(...fault.regions);
        return;
      case 'pause':
        faults.resume(fault.from, fault.to);
        return;
      case 'slow-link':
        faults.setLag(fault.from, fault.to, lagMs);
        return;
      case 'skew':
        faults.skew(fault.region, 0);
        return;
      case 'throttle':
      case 'slow':
      case 'loseResponse':
      case 'crash':
        faults.withdraw(fault);
        return;
    }
  }
}
