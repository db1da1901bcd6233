import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aClock, type ManualClock } from '../../../builders/a-clock.js';
import { aLambda, type ALambda } from './a-lambda.js';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:oncall';
const MINUTE_MS = 60_000;

let clock: ManualClock;
let lambda: ALambda;
beforeEach(async () => {
  clock = aClock();
  lambda = await aLambda({ clock });
  await lambda.create();
});
afterEach(() => lambda.close());

const configure = (settings: Readonly<Record<string, unknown>> = {}) =>
  lambda.call('PUT', '/2019-09-25/functions/pay/event-invoke-config', {
    DestinationConfig: { OnFailure: { Destination: TOPIC } },
    ...settings,
  });
const reserve = (ReservedConcurrentExecutions: number) =>
  lambda.call('PUT', '/2017-10-31/functions/pay/concurrency', { ReservedConcurrentExecutions });
const send = (event: object) => lambda.invoke(event, { 'x-amz-invocation-type': 'Event' });
const told = () => lambda.published.map(({ message }) => JSON.parse(message) as object);
const count = (metric: string) => lambda.metrics.filter(({ name }) => name === metric).length;

/** Functions run in processes, whatever the clock of the test says. */
async function until(isSo: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > deadlineMs) throw new Error(`never: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('an asynchronous event', () => {
  test('that fails is tried again after one minute and after two, then told with its whole payload', async () => {
    await configure();
    const event = { fail: 'no such account', lines: [{ amount: '12.50' }] };
    await send(event);
    for (const pauseMs of [MINUTE_MS, 2 * MINUTE_MS]) {
      await until(() => clock.isSlept(pauseMs));
      await clock.leap(pauseMs);
    }
    await until(() => told().length > 0);
    expect(told()).toEqual([
      {
        version: '1.0',
        timestamp: new Date(clock.now()).toISOString(),
        requestContext: {
          requestId: expect.stringMatching(/^request-/),
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:pay:$LATEST',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: event,
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: 'Unhandled',
        },
        responsePayload: expect.objectContaining({ errorMessage: 'no such account' }),
      },
    ]);
    expect([count('AsyncEventsReceived'), count('AsyncEventsDropped')]).toEqual([1, 1]);
  });

  test('is told at once where its age does not let it see its next try', async () => {
    await configure({ MaximumEventAgeInSeconds: 60 });
    await send({ fail: 'no such account' });
    await clock.leap(1);
    await until(() => told().length > 0);
    expect(told()).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({
          condition: 'EventAgeExceeded',
          approximateInvokeCount: 1,
        }),
        responsePayload: expect.objectContaining({ errorMessage: 'no such account' }),
      }),
    ]);
  });

  test('is told without being run where the function may not run at all', async () => {
    await configure();
    await reserve(0);
    await send({ id: 7 });
    await until(() => told().length > 0);
    expect(told()).toEqual([
      {
        version: '1.0',
        timestamp: expect.any(String),
        requestContext: expect.objectContaining({
          condition: 'ZeroReservedConcurrency',
          approximateInvokeCount: 0,
        }),
        requestPayload: { id: 7 },
      },
    ]);
    expect(count('Duration')).toBe(0);
  });

  test('that is throttled until it is too old is told without being run', async () => {
    await configure({ MaximumEventAgeInSeconds: 60 });
    lambda.mishaps.inject({ kind: 'throttle', region: 'us-east-1', resource: 'pay' });
    await send({ id: 7 });
    await clock.advance(2 * MINUTE_MS);
    await until(() => told().length > 0);
    expect(told()).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition: 'EventAgeExceeded' }),
        requestPayload: { id: 7 },
      }),
    ]);
    expect(count('Duration')).toBe(0);
  });

  test('waits for a region that is lost, which counts as no failure of the function', async () => {
    await configure({ MaximumRetryAttempts: 0 });
    await send({ hang: true, say: 'hanging' });
    await until(() => lambda.lines.some((line) => line.endsWith('\tINFO\thanging')));
    lambda.takeDown();
    lambda.bringUp();
    await until(() => count('Duration') === 1 && clock.isSlept(1000));
    await clock.leap(1000);
    await until(() => lambda.lines.filter((line) => line.endsWith('\tINFO\thanging')).length === 2);
    expect(told()).toEqual([]);
  });
});
