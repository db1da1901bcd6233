import { describe, expect, test } from '@jest/globals';
import { check } from '../../../torture/checker/check.js';
import type { Evidence, Limit, Rule } from '../../../torture/checker/evidence.js';
import type { Attempt, Outcome, Payment } from '../../../torture/history/attempt.js';
import type { Observation, Seen } from '../../../torture/history/observation.js';

const EAST = 'us-east-1';
const WEST = 'us-west-2';
const ID = 'tx';
const FIVE: Payment = { amount: '5', currency: 'USD' };
const SEVEN: Payment = { amount: '7', currency: 'USD' };

/** One attempt: who answered what, and when; by default at once, long before anything else. */
type Told = Partial<Attempt> & { readonly outcome: Outcome };

function attempts(...told: readonly Told[]): Attempt[] {
  return told.map((differs, index) => {
    const invokedAtMs = differs.invokedAtMs ?? 0;
    return {
      number: index + 1,
      transactionId: ID,
      region: EAST,
      payment: FIVE,
      isValid: true,
      isAsync: false,
      event: {},
      invokedAtMs,
      completedAtMs: invokedAtMs + 10,
      detail: '',
      ...differs,
    };
  });
}

const ok = (differs: Partial<Attempt> = {}): Told => ({ outcome: 'acknowledged', ...differs });
const conflict = (differs: Partial<Attempt> = {}): Told => ({ outcome: 'conflict', ...differs });
const unknown = (differs: Partial<Attempt> = {}): Told => ({ outcome: 'unknown', ...differs });

const EVENT = { amount: '5', currency: 'USD' };
const left = (differs: Partial<Attempt> & Pick<Attempt, 'outcome'>): Told => ({
  ...{ isAsync: true, event: EVENT, requestId: 'request' },
  ...differs,
});
/** What the destination is told of it. */
const TOLD = {
  ...{ requestId: 'request', region: EAST, condition: 'RetriesExhausted' },
  payload: EVENT,
};
const FAULT = {
  fault: { kind: 'throttle', region: EAST, service: 'dynamodb' },
  ...{ beganMs: 0, endedMs: 5 },
} as const;

const record = (payment = FIVE, status = 'COMPLETED', rangeKey = '0') => ({
  payment,
  status,
  rangeKey,
});
const audit = (payment: Payment | undefined = FIVE) => ({ versionId: 'v', payment });
const PAID: Seen = { records: [record()], audits: [audit()] };

function inBoth(east: Seen, west = east): Observation {
  return new Map([
    [EAST, new Map([[ID, east]])],
    [WEST, new Map([[ID, west]])],
  ]);
}

interface Row {
  readonly sentence: string;
  readonly told: readonly Told[];
  readonly seen: Observation;
  readonly finished?: Observation;
  readonly consistency?: Evidence['consistency'];
  readonly givenUp?: Evidence['givenUp'];
  readonly disturbances?: Evidence['delays']['disturbances'];
  readonly rules?: readonly Rule[];
  readonly limits?: readonly Limit[];
}

function judged({
  told,
  seen,
  finished,
  consistency = 'eventual',
  givenUp = [],
  disturbances = [],
}: Row) {
  const { violations, limits } = check({
    consistency,
    regions: [EAST, WEST],
    attempts: attempts(...told),
    givenUp,
    delays: { disturbances, lagMs: 50, slackMs: 100, functionTimeoutMs: 1000 },
    healed: { atMs: 10_000, observation: seen },
    finished: { atMs: 20_000, observation: finished ?? seen },
  });
  return { rules: [...new Set(violations.map(({ rule }) => rule))], limits: [...limits.keys()] };
}

describe('the checker', () => {
  test.each<Row>([
    { sentence: 'a payment that is where it should be', told: [ok()], seen: inBoth(PAID) },
    {
      sentence: 'duplicates in both regions with one record',
      told: [ok(), ok({ region: WEST })],
      seen: inBoth(PAID),
    },
    {
      sentence: 'a payment nobody acknowledged that is not there',
      told: [unknown()],
      seen: new Map(),
    },
    {
      sentence: 'a payment nobody acknowledged that is pending, and completed when sent again',
      told: [unknown(), ok({ invokedAtMs: 15_000 })],
      seen: inBoth({ records: [record(FIVE, 'PENDING')], audits: [] }),
      finished: inBoth(PAID),
    },
    {
      sentence: 'a conflict with a payment that is there',
      told: [ok(), conflict({ payment: SEVEN, invokedAtMs: 20 })],
      seen: inBoth(PAID),
    },
    {
      sentence: 'a bad event that was refused',
      told: [{ outcome: 'refused', isValid: false }],
      seen: new Map(),
    },
    {
      sentence: 'an event that was given up under a fault, and paid when it was sent again',
      told: [left({ outcome: 'given-up' }), ok({ invokedAtMs: 15_000 })],
      ...{ givenUp: [TOLD], disturbances: [FAULT] },
      seen: new Map(),
      finished: inBoth(PAID),
    },
    {
      sentence: 'an event that was given up though its last try had paid',
      told: [left({ outcome: 'given-up' })],
      ...{ givenUp: [TOLD], disturbances: [FAULT] },
      seen: inBoth(PAID),
    },
  ])('finds nothing wrong with $sentence', (row) => {
    expect(judged(row)).toEqual({ rules: [], limits: [] });
  });

  test.each<Row>([
    {
      sentence: 'an acknowledged payment that one region does not have',
      told: [ok()],
      seen: inBoth(PAID, { records: [], audits: [audit()] }),
      rules: ['lost', 'diverged', 'audit-alone'],
    },
    {
      sentence: 'two records of one id',
      told: [unknown(), ok()],
      seen: inBoth({ ...PAID, records: [record(), record(FIVE, 'COMPLETED', '17')] }),
      rules: ['doubled'],
    },
    {
      sentence: 'an amount that was never sent',
      told: [ok({ payment: { amount: '9007199254740993', currency: 'USD' } })],
      seen: inBoth({
        records: [record({ amount: '9007199254740992', currency: 'USD' })],
        audits: [audit({ amount: '9007199254740993', currency: 'USD' })],
      }),
      rules: ['invented', 'audit-wrong'],
    },
    {
      sentence: 'a record of a payment that never reached the function',
      told: [{ outcome: 'failed' }],
      seen: inBoth(PAID),
      rules: ['invented'],
    },
    {
      sentence: 'a record of a bad event',
      told: [{ outcome: 'refused', isValid: false }],
      seen: inBoth(PAID),
      rules: ['invented'],
    },
    {
      sentence: 'a bad event that was acknowledged',
      told: [ok({ isValid: false })],
      seen: new Map(),
      rules: ['accepted-malformed'],
    },
    {
      sentence: 'a good event that was refused',
      told: [{ outcome: 'refused' }],
      seen: new Map(),
      rules: ['refused-valid'],
    },
    {
      sentence: 'two payments of one id, both acknowledged in one region',
      told: [ok(), ok({ payment: SEVEN })],
      seen: inBoth({ records: [record()], audits: [audit(), audit(SEVEN)] }),
      rules: ['two-acknowledged', 'replaced'],
    },
    {
      sentence: 'two payments acknowledged in both regions, the second after the first had arrived',
      told: [ok(), ok({ region: WEST, payment: SEVEN, invokedAtMs: 161 })],
      seen: inBoth({ records: [record()], audits: [audit(), audit(SEVEN)] }),
      rules: ['two-acknowledged', 'replaced'],
    },
    {
      sentence: 'what only the eventual mode excuses, in the strong mode',
      told: [ok(), ok({ region: WEST, payment: SEVEN })],
      seen: inBoth({ records: [record()], audits: [audit(), audit(SEVEN)] }),
      consistency: 'strong',
      rules: ['two-acknowledged', 'replaced'],
    },
    {
      sentence: 'an acknowledged payment that is pending, with every attempt finished',
      told: [ok(), ok({ region: WEST })],
      seen: inBoth({ ...PAID, records: [record(FIVE, 'PENDING')] }),
      finished: inBoth(PAID),
      rules: ['pending'],
    },
    {
      sentence: 'a payment that stays pending when it is sent again',
      told: [unknown()],
      seen: inBoth({ records: [record(FIVE, 'PENDING')], audits: [audit()] }),
      rules: ['stuck'],
    },
    {
      sentence: 'a completed payment without its audit object, acknowledged or not',
      told: [unknown()],
      seen: inBoth(PAID, { ...PAID, audits: [] }),
      rules: ['audit-missing'],
    },
    {
      sentence: 'an audit object that cannot be read',
      told: [ok()],
      seen: inBoth({ ...PAID, audits: [{ versionId: 'v', payment: undefined }, audit()] }),
      rules: ['audit-wrong'],
    },
    {
      sentence: 'an acknowledged payment of which no audit version tells',
      told: [ok(), ok({ region: WEST, payment: SEVEN })],
      seen: inBoth({ records: [record(SEVEN)], audits: [audit(SEVEN)] }),
      rules: ['audit-lost'],
      limits: ['both acknowledged, the later write won', 'acknowledged, replaced by the other'],
    },
    {
      sentence: 'an accepted event of which nobody hears, though it is paid',
      told: [left({ outcome: 'accepted' })],
      seen: inBoth(PAID),
      rules: ['event-lost'],
    },
    {
      sentence: 'an event that the function answered and did not store',
      told: [left({ outcome: 'acknowledged' })],
      seen: new Map(),
      rules: ['lost', 'audit-missing'],
    },
    {
      sentence: 'an event that was refused though nobody else used its id',
      told: [left({ outcome: 'conflict' })],
      seen: new Map(),
      rules: ['refused-without-conflict'],
    },
    {
      sentence: 'an event that was given up and met no fault',
      told: [left({ outcome: 'given-up' })],
      givenUp: [TOLD],
      disturbances: [{ ...FAULT, beganMs: 20, endedMs: 30 }],
      seen: new Map(),
      rules: ['given-up-without-fault'],
    },
    ...[
      { sentence: 'with another amount', differs: { payload: { ...EVENT, amount: '7' } } },
      { sentence: 'without its currency', differs: { payload: { amount: '5' } } },
      { sentence: 'in the other region', differs: { region: WEST } },
    ].map(({ sentence, differs }): Row => ({
      sentence: `an event that was given up and told ${sentence}`,
      told: [left({ outcome: 'given-up' })],
      ...{ givenUp: [{ ...TOLD, ...differs }], disturbances: [FAULT] },
      seen: new Map(),
      rules: ['given-up-unlike-sent'],
    })),
    {
      sentence: 'a conflict without a conflicting payment',
      told: [conflict(), { outcome: 'failed', payment: SEVEN }],
      seen: new Map(),
      rules: ['refused-without-conflict'],
    },
    {
      sentence: 'a conflict with a payment that was sent only later',
      told: [conflict(), ok({ payment: SEVEN, invokedAtMs: 20 })],
      seen: inBoth({ records: [record(SEVEN)], audits: [audit(SEVEN)] }),
      rules: ['refused-without-conflict'],
    },
    {
      sentence: 'a conflict told to a payer who was acknowledged before, in the same region',
      told: [ok(), conflict({ payment: SEVEN, invokedAtMs: 20 }), conflict({ invokedAtMs: 40 })],
      seen: inBoth(PAID),
      rules: ['refused-after-acknowledged'],
    },
  ])('finds $sentence', ({ rules, limits = [], ...row }) => {
    expect(judged(row)).toEqual({ rules: expect.arrayContaining([...(rules ?? [])]), limits });
    expect(judged(row).rules).toHaveLength(rules?.length ?? 0);
  });

  test.each<Row>([
    {
      sentence: 'two payments of one id sent to both regions within the delay',
      told: [ok(), ok({ region: WEST, payment: SEVEN, invokedAtMs: 160 })],
      seen: inBoth({ records: [record(SEVEN)], audits: [audit(SEVEN), audit()] }),
      limits: ['both acknowledged, the later write won', 'acknowledged, replaced by the other'],
    },
    {
      sentence: 'a reservation that arrived over a completed payment, until it is sent again',
      told: [ok(), unknown({ region: WEST }), ok({ invokedAtMs: 15_000 })],
      seen: inBoth({ ...PAID, records: [record(FIVE, 'PENDING')] }),
      finished: inBoth(PAID),
      limits: ['pending until sent again'],
    },
    {
      sentence: 'an audit object of the other payment of a race',
      told: [ok(), ok({ region: WEST, payment: { ...FIVE, occurredAt: 'noon' } })],
      seen: inBoth({ ...PAID, audits: [audit({ ...FIVE, occurredAt: 'noon' }), audit()] }),
      limits: ['audit object of the other'],
    },
  ])('counts as documented, and not as wrong, $sentence', ({ limits, ...row }) => {
    expect(judged(row)).toEqual({ rules: [], limits });
  });
});
