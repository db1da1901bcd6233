/**
 * What the loss of a region costs: how long until the survivor acknowledges the first payment (RTO), and which acknowledged
 * payments the survivor does not have at that moment (RPO).
 *
 * Clients pay through one region, one payment after the other, and turn to the other region with the payment that got no answer.
 * The regions take turns at being lost, in each of the three manners.
 */
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { TABLE, type BenchRegion, type BenchService } from './service.js';
import { quantile, spread, type Row } from './table.js';

const MANNERS = ['refuse', 'hang', '503'] as const;
type Manner = (typeof MANNERS)[number];

/** How long a client waits for an answer before it turns to the other region. */
const CLIENT_PATIENCE_MS = 1000;
const LOSSES_OF_EACH_MANNER = 18;
const CLIENTS = 4;
/** How long clients pay before the loss, and how many payments at least: longer than replication takes. */
const PAYING_MS = 200;
const PAID = 3 * CLIENTS;
/** What BatchGetItem takes. */
const BATCH = 100;

interface Loss {
  readonly manner: Manner;
  /** From the loss to the first payment that the survivor acknowledges. */
  readonly outageMs: number;
  /** How much of that passed until this payment's client gave the lost region up. */
  readonly detectionMs: number;
  readonly acknowledged: number;
  /** How many of the acknowledged payments the survivor does not have. */
  readonly missing: number;
  /** How long before the loss the oldest of them was acknowledged. */
  readonly oldestMs: number;
  /** From the region's return until the other one has everything. */
  readonly catchUpMs: number;
}

export async function measureRegionLosses(service: BenchService): Promise<Row[]> {
  const { primary, secondary } = service;
  const losses: Loss[] = [];
  for (let round = 0; round < LOSSES_OF_EACH_MANNER; round++) {
    const [lost, survivor] = round % 2 === 0 ? [primary, secondary] : [secondary, primary];
    for (const manner of MANNERS) {
      losses.push(await lose({ service, lost, survivor, manner, name: `${round}-${manner}` }));
    }
  }
  const outageMs = losses.map((loss) => loss.outageMs);
  const missing = losses.map((loss) => loss.missing);
  const acknowledged = losses.reduce((sum, loss) => sum + loss.acknowledged, 0);
  return [
    {
      figure: `RTO, ${losses.length} losses of a region`,
      measured: spread(outageMs, 'ms'),
      goal: `≤ ${2 * CLIENT_PATIENCE_MS} ms`,
      ratio: detectionOf(losses),
    },
    ...MANNERS.map((manner): Row => {
      const some = losses.filter((loss) => loss.manner === manner);
      return {
        figure: `  its callers meet: ${manner}`,
        measured: spread(
          some.map((loss) => loss.outageMs),
          'ms',
        ),
        ratio: detectionOf(some),
      };
    }),
    {
      figure: 'RPO, acknowledged and not yet in the survivor',
      measured: spread(missing, 'payments'),
      ratio: `${missing.reduce((sum, count) => sum + count, 0)} of ${acknowledged} acknowledged; all were there in the end`,
    },
    {
      figure: 'RPO, age of the oldest of them',
      measured: spread(
        losses.map((loss) => loss.oldestMs),
        'ms',
      ),
      goal: '≤ 1000 ms',
    },
    {
      figure: 'from its return until nothing is missing',
      measured: spread(
        losses.map((loss) => loss.catchUpMs),
        'ms',
      ),
    },
  ];
}

interface LossOptions {
  readonly service: BenchService;
  readonly lost: BenchRegion;
  readonly survivor: BenchRegion;
  readonly manner: Manner;
  readonly name: string;
}

async function lose({ service, lost, survivor, manner, name }: LossOptions): Promise<Loss> {
  // Both regions serve before the loss; what a cold start takes is a figure of its own.
  for (const region of [lost, survivor])
    await untilPaid(region, `bench-warm-${region.name}-${name}`);
  const acknowledgedAt = new Map<string, number>();
  let lostAtMs = Infinity;
  const isLost = () => performance.now() >= lostAtMs;
  const failingOver = Array.from({ length: CLIENTS }, (_, client) =>
    payUntilLost({
      lost,
      survivor,
      isLost,
      acknowledgedAt,
      prefix: `bench-loss-${name}-${client}`,
    }),
  );
  do await new Promise((resolve) => setTimeout(resolve, PAYING_MS));
  while (acknowledgedAt.size < PAID);
  lostAtMs = performance.now();
  await service.wish({ action: 'takeDown', region: lost.name, manner });
  const [first] = (await Promise.all(failingOver)).toSorted((a, b) => a.paidAtMs - b.paidAtMs);
  if (first === undefined) throw new TypeError('there are no clients');
  const missing = await missingIn(survivor, [...acknowledgedAt.keys()]);
  const ages = missing.map((id) => lostAtMs - (acknowledgedAt.get(id) ?? lostAtMs));
  const returnedAtMs = performance.now();
  await service.wish({ action: 'bringUp', region: lost.name });
  for (let left = missing; left.length > 0; left = await missingIn(survivor, left));
  return {
    manner,
    outageMs: first.paidAtMs - lostAtMs,
    detectionMs: first.gaveUpAtMs - lostAtMs,
    acknowledged: acknowledgedAt.size,
    missing: missing.length,
    oldestMs: Math.max(0, ...ages),
    catchUpMs: performance.now() - returnedAtMs,
  };
}

interface PayOptions {
  readonly lost: BenchRegion;
  readonly survivor: BenchRegion;
  /** A call that fails before is the machine's affair. */
  readonly isLost: () => boolean;
  /** Filled with what the region acknowledges before it is lost. */
  readonly acknowledgedAt: Map<string, number>;
  readonly prefix: string;
}

async function payUntilLost({ lost, survivor, isLost, acknowledgedAt, prefix }: PayOptions) {
  for (let payment = 0; ; payment++) {
    const id = `${prefix}-${payment}`;
    try {
      await lost.pay(id, CLIENT_PATIENCE_MS);
      acknowledgedAt.set(id, performance.now());
    } catch {
      if (!isLost()) continue;
      const gaveUpAtMs = performance.now();
      await untilPaid(survivor, id);
      return { gaveUpAtMs, paidAtMs: performance.now() };
    }
  }
}

async function untilPaid(region: BenchRegion, id: string): Promise<void> {
  for (;;) {
    const isPaid = await region.pay(id).then(
      () => true,
      () => false,
    );
    if (isPaid) return;
  }
}

/** Read after the loss: from then on nothing of the lost region arrives. */
async function missingIn({ dynamodb }: BenchRegion, ids: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const some = ids.slice(from, from + BATCH);
    const Keys = some.map((id) => ({ transaction_id: { S: id }, timestamp: { N: '0' } }));
    const { Responses } = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys, ConsistentRead: true } } }),
    );
    const found = new Set(Responses?.[TABLE]?.map((item) => item.transaction_id?.S));
    missing.push(...some.filter((id) => !found.has(id)));
  }
  return missing;
}

function detectionOf(losses: readonly Loss[]): string {
  const shares = losses.map(({ detectionMs, outageMs }) => detectionMs / outageMs);
  return `${Math.round(quantile(shares, 0.5) * 100)} % of it until the client gives up`;
}
