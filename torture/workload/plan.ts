/**
 * The plan of a run: who sends what, when and where, and which faults come and go. It follows from the seed alone.
 *
 * First come drills, in which payments meet a fault for certain; then a storm, in which what meets what is chance.
 *
 * Times are meant, not promised: a busy machine is late. What was really done is in the history.
 */
import type { PlannedFault } from '../history/fault.js';
import { planDrills, type Drill } from './drills.js';
import { planFaults } from './faults.js';
import type { Order } from './order.js';
import { Random } from './random.js';
import { planTransaction } from './transactions.js';

export interface Plan {
  readonly seed: number;
  /** Before the storm, one after the other. */
  readonly drills: readonly Drill[];
  /** How long the storm lasts: orders and faults, whose times count from its beginning. */
  readonly durationMs: number;
  /** In order of time. */
  readonly orders: readonly Order[];
  readonly faults: readonly PlannedFault[];
}

export interface PlanOptions {
  readonly seed: number;
  /** How many orders the storm has, at least; a transaction is never cut. */
  readonly operations: number;
  readonly ordersPerSecond: number;
  readonly regions: readonly [string, string];
  /** Of a table in the strong mode. */
  readonly witness?: string;
  /** Keeps the transactions of runs on one platform apart. */
  readonly prefix: string;
}

export function makePlan({
  seed,
  operations,
  ordersPerSecond,
  regions,
  witness,
  prefix,
}: PlanOptions): Plan {
  const random = new Random(seed);
  const durationMs = Math.ceil((operations / ordersPerSecond) * 1000);
  const watched = witness === undefined ? {} : { witness };
  const orders: Order[] = [];
  for (let index = 0; orders.length < operations; index++) {
    const transactionId = `${prefix}${index}`;
    orders.push(...planTransaction({ random, transactionId, regions, durationMs }));
  }
  return {
    seed,
    drills: planDrills({ random, regions, prefix, ...watched }),
    durationMs,
    orders: orders.toSorted((one, other) => one.atMs - other.atMs),
    faults: planFaults({ random, regions, durationMs, ...watched }),
  };
}
