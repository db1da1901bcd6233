/**
 * Drills: payments that meet a fault for certain, and repetitions and contradictions that come for certain.
 *
 * What a handler gets wrong at one of them it gets wrong in every run, on a machine of any speed: a drill's faults are on until
 * each of its orders was tried once, and only then are those without an answer sent again.
 */
import type { Fault } from '../history/fault.js';
import type { Payment } from '../history/attempt.js';
import type { Order } from './order.js';
import type { Random } from './random.js';
import { orderOf } from './transactions.js';

export type DrillName =
  | 'first payments'
  | 'repeated where they were paid'
  | 'contradicted where they were paid'
  | 'the bucket takes nothing, or the table'
  | 'what was done is not heard of'
  | 'killed half-way'
  | 'left to Lambda, and given up'
  | 'contradicted in both regions at once, far apart'
  | 'answered, and the region is lost at once'
  | 'repeated and contradicted in the other region';

export interface Drill {
  readonly name: DrillName;
  readonly faults: readonly Fault[];
  /** Sent all at once. */
  readonly orders: readonly Order[];
  /** A region that is lost for a moment as soon as each order was tried. */
  readonly loses?: string;
  /** Its faults are on until it is known what became of what was left to Lambda, not only until it was accepted. */
  readonly isOutlasting?: boolean;
  /** Not before this time since the drills began: what was paid in the first of them has arrived everywhere, without a doubt. */
  readonly afterMs: number;
}

export interface DrillOptions {
  readonly random: Random;
  readonly regions: readonly [string, string];
  /** Of a table in the strong mode. */
  readonly witness?: string;
  /** Begins every transaction's id. */
  readonly prefix: string;
}

/** Longer than a loss takes to follow an answer. */
const SLOW_MS = 300;
/** Longer than two payments that are sent together are apart. */
const FAR_MS = 300;
/** Of an invocation whose calls are slow: at a crash within it any number of them may be done. */
const INVOCATION_MS = 600;
/** Longer than the replication delay and the checker's slack. */
const ARRIVED_MS = 1500;

export function planDrills({ random, regions, witness, prefix }: DrillOptions): Drill[] {
  const [here, there] = random.isLucky(0.5) ? regions : ([regions[1], regions[0]] as const);
  // More digits than a binary float keeps.
  const payment = { amount: `900719925474099${random.whole(1, 9)}3`, currency: 'USD' };
  const other = { amount: String(random.whole(1, 1000)), currency: 'EUR' };
  const order = (name: string, region: string, paid: Payment = payment): Order => ({
    ...orderOf({ random, transactionId: `${prefix}${name}`, regions }, 0, paid),
    isAsync: false,
    regions: [region],
    givesUp: false,
    pausesMs: [],
  });
  const drill = (name: DrillName, orders: Order[], faults: Fault[] = [], afterMs = 0): Drill => ({
    name,
    faults,
    orders,
    afterMs,
  });
  const abandoned = (given: Order): Order => ({ ...given, givesUp: true });
  const left = (given: Order): Order => ({ ...given, isAsync: true });
  const bad = (given: Order): Order => ({
    ...given,
    event: { ...given.event, amount: 12.5 },
    isValid: false,
  });
  return [
    drill('first payments', [
      order('plain', here),
      order('other', there),
      left(order('left', here)),
      left(bad(order('left-bad', there))),
    ]),
    drill('repeated where they were paid', [
      order('plain', here),
      order('other', there),
      left(order('left', here)),
    ]),
    drill('contradicted where they were paid', [
      order('plain', here, other),
      left(order('other', there, other)),
    ]),
    drill(
      'the bucket takes nothing, or the table',
      [
        order('no-bucket', here),
        abandoned(order('no-bucket-abandoned', here)),
        order('no-table', there),
        abandoned(order('no-table-abandoned', there)),
      ],
      [
        { kind: 'throttle', region: here, service: 's3' },
        { kind: 'throttle', region: there, service: 'dynamodb' },
      ],
    ),
    drill(
      'what was done is not heard of',
      [order('unheard', here), order('unheard-writes', there)],
      [
        { kind: 'loseResponse', region: here, service: 'lambda' },
        { kind: 'loseResponse', region: there, service: 'dynamodb' },
      ],
    ),
    drill(
      'killed half-way',
      [
        order('killed', here),
        order('killed-too', here),
        abandoned(order('killed-abandoned', here)),
        left(order('left-killed', here)),
      ],
      [
        { kind: 'slow', region: here, service: 'dynamodb', withinMs: INVOCATION_MS / 3 },
        { kind: 'slow', region: here, service: 's3', withinMs: INVOCATION_MS / 3 },
        { kind: 'crash', region: here, service: 'lambda', withinMs: INVOCATION_MS },
      ],
    ),
    {
      ...drill(
        'left to Lambda, and given up',
        [left(order('left-no-bucket', here)), left(order('left-no-table', there))],
        [
          { kind: 'throttle', region: here, service: 's3' },
          { kind: 'throttle', region: there, service: 'dynamodb' },
        ],
      ),
      isOutlasting: true,
    },
    drill(
      'contradicted in both regions at once, far apart',
      [order('both', here), order('both', there, other)],
      farApart(witness === undefined ? regions : [...regions, witness]),
    ),
    {
      ...drill(
        'answered, and the region is lost at once',
        [order('then-lost', here), { ...left(order('left-then-lost', here)), atMs: SLOW_MS }],
        [{ kind: 'slow', region: here, service: 'dynamodb', withinMs: SLOW_MS }],
      ),
      loses: here,
    },
    drill(
      'repeated and contradicted in the other region',
      [order('plain', there), order('other', here, other)],
      [],
      ARRIVED_MS,
    ),
  ];
}

function farApart(regions: readonly string[]): Fault[] {
  return regions.flatMap((from) =>
    regions
      .filter((to) => to !== from)
      .map((to): Fault => ({ kind: 'slow-link', from, to, lagMs: FAR_MS })),
  );
}
