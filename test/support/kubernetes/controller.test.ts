import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../src/support/clock.js';
import { silentLog } from '../../../src/support/log.js';
import { ApiError } from '../../../src/support/kubernetes/api-error.js';
import {
  again,
  Controller,
  settled,
  type Outcome,
} from '../../../src/support/kubernetes/controller.js';

function aController(reconcile: (key: string) => Promise<Outcome>, concurrency = 8) {
  return new Controller({
    name: 'test',
    reconcile,
    concurrency,
    clock: systemClock,
    log: silentLog,
    minBackoffMs: 1,
    maxBackoffMs: 4,
  });
}

/** A promise and the function that settles it. */
function aGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('a controller', () => {
  test('reconciles a key once more when it was added while it ran', async () => {
    const first = aGate();
    const second = aGate();
    let runs = 0;
    const controller = aController(async () => {
      runs += 1;
      if (runs === 1) await first.opened;
      else second.open();
      return settled;
    });
    controller.enqueue('a');
    controller.enqueue('a');
    controller.enqueue('a');
    first.open();
    await second.opened;
    await controller.stop();
    expect(runs).toBe(2);
  });

  test('never runs one key twice at a time', async () => {
    let running = 0;
    let most = 0;
    const done = aGate();
    let left = 20;
    const controller = aController(async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
      left -= 1;
      if (left > 0) controller.enqueue('a');
      else done.open();
      return settled;
    });
    controller.enqueue('a');
    await done.opened;
    expect(most).toBe(1);
  });

  test('runs no more keys side by side than its concurrency', async () => {
    const gate = aGate();
    const started: string[] = [];
    const controller = aController(async (key) => {
      started.push(key);
      await gate.opened;
      return settled;
    }, 2);
    for (const key of ['a', 'b', 'c']) controller.enqueue(key);
    await Promise.resolve();
    expect(started).toEqual(['a', 'b']);
    gate.open();
    await controller.stop();
  });

  test.each([
    { sentence: 'retries after a failure', error: new Error('boom') },
    { sentence: 'retries after a conflict', error: new ApiError(409, 'Conflict', 'changed') },
  ])('$sentence', async ({ error }) => {
    const done = aGate();
    let runs = 0;
    const controller = aController(async () => {
      runs += 1;
      if (runs < 3) throw error;
      done.open();
      return Promise.resolve(settled);
    });
    controller.enqueue('a');
    await done.opened;
    expect(runs).toBe(3);
  });

  test('looks again when the outcome asks for it', async () => {
    const done = aGate();
    let runs = 0;
    const controller = aController(async () => {
      runs += 1;
      if (runs === 2) done.open();
      return Promise.resolve(runs === 1 ? again(1, 'AWS is still at it') : settled);
    });
    controller.enqueue('a');
    await done.opened;
    expect(runs).toBe(2);
  });

  test('takes nothing more once stopped', async () => {
    let runs = 0;
    const controller = aController(async () => {
      runs += 1;
      return Promise.resolve(settled);
    });
    await controller.stop();
    controller.enqueue('a');
    controller.enqueueAfter('b', 1);
    await new Promise(setImmediate);
    expect(runs).toBe(0);
  });
});
