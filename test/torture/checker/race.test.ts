import { describe, expect, test } from '@jest/globals';
import { arrivedAtMs, type Delays } from '../../../torture/checker/race.js';
import type { Attempt } from '../../../torture/history/attempt.js';
import type { Disturbance } from '../../../torture/history/fault.js';

const EAST = 'us-east-1';
const WEST = 'us-west-2';

const anAttempt = (differs: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  transactionId: 'tx',
  region: EAST,
  payment: { amount: '5', currency: 'USD' },
  isValid: true,
  isAsync: false,
  event: {},
  invokedAtMs: 0,
  completedAtMs: 1000,
  outcome: 'acknowledged',
  detail: '',
  ...differs,
});

const delaysWith = (...disturbances: readonly Disturbance[]): Delays => ({
  disturbances,
  lagMs: 50,
  slackMs: 100,
  functionTimeoutMs: 5000,
});

const partition = (beganMs: number, endedMs: number): Disturbance => ({
  fault: { kind: 'partition', regions: [EAST, WEST] },
  beganMs,
  endedMs,
});

describe('what an attempt wrote has arrived', () => {
  test.each([
    { sentence: 'after the lag and the slack', delays: delaysWith(), arrived: 1150 },
    {
      sentence: 'after the partition it met',
      delays: delaysWith(partition(1100, 3000)),
      arrived: 3150,
    },
    {
      sentence: 'after each partition, one after the other',
      delays: delaysWith(partition(3100, 4000), partition(900, 3000)),
      arrived: 4150,
    },
    {
      sentence: 'as ever where the partition was over before',
      delays: delaysWith(partition(0, 900)),
      arrived: 1150,
    },
    {
      sentence: 'after the greater lag of a slow link',
      delays: delaysWith({
        fault: { kind: 'slow-link', from: EAST, to: WEST, lagMs: 700 },
        beganMs: 900,
        endedMs: 1020,
      }),
      arrived: 1800,
    },
    {
      sentence: 'as ever where only the way back is slow',
      delays: delaysWith({
        fault: { kind: 'slow-link', from: WEST, to: EAST, lagMs: 700 },
        beganMs: 900,
        endedMs: 1020,
      }),
      arrived: 1150,
    },
    {
      sentence: 'after the loss of the region that has to receive it',
      delays: delaysWith({
        fault: { kind: 'region-loss', region: WEST, manner: 'refuse' },
        beganMs: 1010,
        endedMs: 2000,
      }),
      arrived: 2150,
    },
    {
      sentence: 'after the pause of replication that way',
      delays: delaysWith({
        fault: { kind: 'pause', from: EAST, to: WEST },
        beganMs: 900,
        endedMs: 2000,
      }),
      arrived: 2150,
    },
    {
      sentence: 'as ever where only the way back is paused',
      delays: delaysWith({
        fault: { kind: 'pause', from: WEST, to: EAST },
        beganMs: 900,
        endedMs: 2000,
      }),
      arrived: 1150,
    },
    {
      sentence: 'as ever while calls fail and a clock is wrong',
      delays: delaysWith(
        {
          fault: { kind: 'throttle', region: WEST, service: 'dynamodb' },
          beganMs: 900,
          endedMs: 5000,
        },
        { fault: { kind: 'skew', region: EAST, aheadMs: 60_000 }, beganMs: 900, endedMs: 5000 },
      ),
      arrived: 1150,
    },
    {
      sentence: 'by the lag of a link that grew slow while a partition held it up',
      delays: delaysWith(partition(1010, 1500), {
        fault: { kind: 'slow-link', from: EAST, to: WEST, lagMs: 900 },
        beganMs: 1400,
        endedMs: 4000,
      }),
      arrived: 2000,
    },
  ])('$sentence', ({ delays, arrived }) => {
    expect(arrivedAtMs(anAttempt(), WEST, delays)).toBe(arrived);
  });

  test.each<{ sentence: string; differs: Partial<Attempt>; arrived: number }>([
    {
      sentence: 'only when its function must have ended, where it was not answered',
      differs: { outcome: 'unknown' },
      arrived: 6150,
    },
    {
      sentence: 'only then, where Lambda gave it up',
      differs: { outcome: 'given-up', isAsync: true },
      arrived: 6150,
    },
    {
      sentence: 'who knows when, where Lambda may have it still',
      differs: { outcome: 'unknown', isAsync: true },
      arrived: Infinity,
    },
    {
      sentence: 'who knows when, where Lambda has it and nobody heard of it again',
      differs: { outcome: 'accepted', isAsync: true },
      arrived: Infinity,
    },
    {
      sentence: 'as ever where it was left to Lambda and answered',
      differs: { isAsync: true },
      arrived: 1150,
    },
  ])('$sentence', ({ differs, arrived }) => {
    expect(arrivedAtMs(anAttempt(differs), WEST, delaysWith())).toBe(arrived);
  });
});
