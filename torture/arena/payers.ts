/** The payers: send their orders when the plan says, again where there is no answer, and after the faults until there is one. */
import type { Clock } from '../../src/support/clock.js';
import { isFinal, type Attempt } from '../history/attempt.js';
import type { History } from '../history/history.js';
import type { Order } from '../workload/order.js';
import type { Region } from './region.js';

export interface PayersOptions {
  readonly regions: ReadonlyMap<string, Region>;
  readonly history: History;
  readonly clock: Clock;
}

/** With all regions whole, a payment that is not answered after this many tries never will be. */
const LAST_TRIES = 8;
const LAST_PAUSE_MS = 100;
/** How many orders are followed up at once after the faults. */
const FOLLOWED_UP_AT_ONCE = 6;

export class Payers {
  constructor(private readonly options: PayersOptions) {}

  /** Carries out the orders. Resolves with those that have no answer yet though their payers still want one. */
  async pay(orders: readonly Order[], beganMs: number): Promise<Order[]> {
    const { clock } = this.options;
    const unanswered = await Promise.all(
      orders.map(async (order) => {
        await clock.sleep(Math.max(0, beganMs + order.atMs - clock.now()));
        return (await this.#carryOut(order)) ? [] : [order];
      }),
    );
    return unanswered.flat();
  }

  /** When no fault is left: asks on, and resolves with those that got no answer even so. */
  async finish(orders: readonly Order[]): Promise<Order[]> {
    const { clock } = this.options;
    const waiting = [...orders];
    const unanswered: Order[] = [];
    const follow = async () => {
      for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
        let isAnswered = false;
        for (let round = 0; round < LAST_TRIES && !isAnswered; round++) {
          if (round > 0) await clock.sleep(LAST_PAUSE_MS * 2 ** round);
          isAnswered = isFinal((await this.#send(order, round)).outcome);
        }
        if (!isAnswered) unanswered.push(order);
      }
    };
    await Promise.all(Array.from({ length: FOLLOWED_UP_AT_ONCE }, follow));
    return unanswered;
  }

  /** Whether nothing more is wanted: there is an answer, or the payer gave up. */
  async #carryOut(order: Order): Promise<boolean> {
    for (const [round, pauseMs] of [0, ...order.pausesMs].entries()) {
      await this.options.clock.sleep(pauseMs);
      const { outcome } = await this.#send(order, round);
      if (isFinal(outcome) || order.givesUp) return true;
    }
    return false;
  }

  async #send(order: Order, round: number): Promise<Attempt> {
    const { transactionId, payment, isValid, isAsync, event, regions } = order;
    const name = regions[round % regions.length] ?? regions[0];
    const region = this.options.regions.get(name);
    if (region === undefined) throw new RangeError(`there is no region ${name}`);
    const invocation = { transactionId, region: name, payment, isValid, isAsync, event };
    const complete = this.options.history.invoke(invocation);
    return complete(await (isAsync ? region.leave(event) : region.pay(event)));
  }
}
