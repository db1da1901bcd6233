/**
 * One run: a plan is carried out, everything heals, clients ask to the end, replication settles, and the checker judges.
 *
 * Afterwards what is still pending is sent once more, as an operator would do with what `status-index` shows, and so is what
 * Lambda gave up, as whoever is on call was told of it; then both regions are looked at again. The history is in its file whatever happens.
 */
import type { Clock } from '../src/support/clock.js';
import { Aftermath } from './arena/aftermath.js';
import type { Arena } from './arena/arena.js';
import { Nemesis } from './arena/nemesis.js';
import { observeSettled, type Settled } from './arena/observe.js';
import { Payers } from './arena/payers.js';
import { check, type Judgement } from './checker/check.js';
import type { Finding } from './checker/evidence.js';
import type { Attempt } from './history/attempt.js';
import type { Disturbance, Fault } from './history/fault.js';
import type { GivenUp } from './history/given-up.js';
import { History } from './history/history.js';
import type { Observation } from './history/observation.js';
import type { Drill } from './workload/drills.js';
import type { Order } from './workload/order.js';
import type { Plan } from './workload/plan.js';
import type { RecordedPlan } from './workload/recorded-plan.js';

export interface RunOptions {
  readonly arena: Arena;
  readonly plan: Plan;
  /** Begins every transaction's id in the plan. */
  readonly prefix: string;
  readonly historyPath: string;
  readonly clock: Clock;
}

export interface RunResult extends Judgement {
  readonly seed: number;
  readonly attempts: readonly Attempt[];
  readonly disturbances: readonly Disturbance[];
  readonly healed: Observation;
  readonly tookMs: number;
}

/** What a machine under load adds to the replication delay. */
const SLACK_MS = 1000;

export async function runPlan(options: RunOptions): Promise<RunResult> {
  const { arena, plan, prefix, historyPath, clock } = options;
  const beganMs = clock.now();
  const history = new History(historyPath, () => clock.now() - beganMs);
  try {
    history.note('plan', { plan, prefix, consistency: arena.consistency } satisfies RecordedPlan);
    const regions = new Map(arena.regions.map((region) => [region.name, region]));
    const payers = new Payers({ regions, history, clock });
    const { logs, onCall } = arena;
    const aftermath = new Aftermath({ logs, onCall, history, clock });
    const nemesis = new Nemesis({ faults: arena.faults, history, clock, lagMs: arena.lagMs });
    nemesis.reseed(plan.seed);
    const unanswered = await carryOutDrills(plan.drills, {
      payers,
      nemesis,
      aftermath,
      history,
      clock,
    });
    const stormMs = clock.now();
    const [pending] = await aftermath.during(
      Promise.all([payers.pay(plan.orders, stormMs), nemesis.carryOut(plan.faults, stormMs)]),
    );
    history.note('healed', { unanswered: pending.length });
    unanswered.push(...(await payers.finish(pending)));
    await aftermath.untilKnown();
    const look = async () => {
      const atMs = clock.now() - beganMs;
      return { atMs, ...(await observeSettled({ regions: arena.regions, prefix, clock })) };
    };
    const healed = await look();
    const again = [
      ...pendingOrders(healed.observation),
      ...redriveOrders(history.attempts, aftermath.givenUp),
    ];
    const stillUnanswered = [...unanswered, ...(await payers.finish(again))];
    const finished = again.length === 0 ? healed : await look();
    const { attempts, disturbances } = history;
    const judgement = check({
      consistency: arena.consistency,
      regions: arena.regions.map(({ name }) => name),
      attempts,
      givenUp: aftermath.givenUp,
      delays: {
        disturbances,
        lagMs: arena.lagMs,
        slackMs: SLACK_MS,
        functionTimeoutMs: arena.functionTimeoutMs,
      },
      healed,
      finished,
    });
    const violations = [
      ...judgement.violations,
      ...stillUnanswered.map(unansweredFinding),
      ...unsettledFindings(healed, finished),
    ];
    const result = { ...judgement, violations };
    history.note('verdict', { ...result, limits: Object.fromEntries(result.limits) });
    return {
      ...result,
      seed: plan.seed,
      attempts,
      disturbances,
      healed: healed.observation,
      tookMs: clock.now() - beganMs,
    };
  } finally {
    history.close();
  }
}

interface Actors {
  readonly payers: Payers;
  readonly nemesis: Nemesis;
  readonly aftermath: Aftermath;
  readonly history: History;
  readonly clock: Clock;
}

/** Resolves with the orders that got no answer even without their fault. */
async function carryOutDrills(
  drills: readonly Drill[],
  { payers, nemesis, aftermath, history, clock }: Actors,
): Promise<Order[]> {
  const beganMs = clock.now();
  const unanswered: Order[] = [];
  for (const { name, faults, orders, loses, isOutlasting, afterMs } of drills) {
    await clock.sleep(Math.max(0, beganMs + afterMs - clock.now()));
    history.note('drill', { name });
    const losses = loses === undefined ? [] : [regionLoss(loses)];
    const left = await nemesis.during(faults, async () => {
      const untold = await payers.pay(orders, clock.now());
      if (isOutlasting === true) await aftermath.untilKnown();
      await nemesis.during(losses, () => clock.sleep(0));
      return untold;
    });
    unanswered.push(...(await payers.finish(left)));
    await aftermath.untilKnown();
  }
  return unanswered;
}

function regionLoss(region: string): Fault {
  return { kind: 'region-loss', region, manner: 'refuse' };
}

/** Every payment found pending, to be sent again to the region where it was found. */
function pendingOrders(observation: Observation): Order[] {
  return [...observation].flatMap(([region, seen]) =>
    [...seen].flatMap(([transactionId, { records }]) =>
      records
        .filter(({ status }) => status !== 'COMPLETED')
        .map(({ payment }): Order => {
          const { amount, currency, occurredAt } = payment;
          return {
            atMs: 0,
            transactionId,
            payment,
            isValid: true,
            isAsync: false,
            event: {
              transaction_id: transactionId,
              amount,
              currency,
              ...(occurredAt === undefined ? {} : { timestamp: occurredAt }),
            },
            regions: [region],
            givesUp: false,
            pausesMs: [],
          };
        }),
    ),
  );
}

/** Everything that was given up, to be sent as it was told to the region where it was told. */
function redriveOrders(attempts: readonly Attempt[], givenUp: readonly GivenUp[]): Order[] {
  return givenUp.flatMap(({ requestId, region, payload }) =>
    attempts
      .filter((attempt) => attempt.requestId === requestId && attempt.outcome === 'given-up')
      .map(({ transactionId, payment, isValid }): Order => ({
        ...{ atMs: 0, transactionId, payment, isValid, isAsync: false },
        ...{ event: payload as object, regions: [region], givesUp: false, pausesMs: [] },
      })),
  );
}

function unansweredFinding({ transactionId, regions }: Order): Finding {
  return { rule: 'unanswered', transactionId, says: `no answer from ${regions.join(', ')}` };
}

function unsettledFindings(...settled: readonly Settled[]): Finding[] {
  return settled.every(({ isSettled }) => isSettled)
    ? []
    : [{ rule: 'unsettled', transactionId: '-', says: 'the regions still differ' }];
}
