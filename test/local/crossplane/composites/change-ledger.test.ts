import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Stored } from '../../../../src/support/kubernetes/objects.js';
import { ChangeLedger } from '../../../../src/local/crossplane/composites/change-ledger.js';
import { aClock } from '../../../builders/a-clock.js';

const KEY = 'dev';
const TYPE = { apiVersion: 'v1', kind: 'Composite' };

function aResource(resourceVersion: string, status?: unknown): Stored {
  const metadata = { name: 'key', uid: 'u', resourceVersion };
  return { apiVersion: 'v1', kind: 'Key', metadata, ...(status === undefined ? {} : { status }) };
}

describe('a change is', () => {
  const clock = aClock();
  let ledger: ChangeLedger;

  beforeEach(() => {
    ledger = new ChangeLedger(clock, TYPE);
    ledger.begin(KEY);
    ledger.saw(KEY, aResource('1'));
  });

  test('news when somebody else wrote', () => {
    ledger.notice(KEY, aResource('2', { arn: 'a' }));
    expect(ledger.hasNews(KEY)).toBe(true);
  });

  test('no news when the pass wrote it itself, though the watch tells of it late', () => {
    ledger.saw(KEY, aResource('2', { arn: 'a' }));
    ledger.notice(KEY, aResource('1'));
    ledger.notice(KEY, aResource('2', { arn: 'a' }));
    expect(ledger.hasNews(KEY)).toBe(false);
  });

  test('no news when only the version differs', () => {
    ledger.notice(KEY, aResource('2'));
    expect(ledger.hasNews(KEY)).toBe(false);
  });

  test('news when drift that was undone comes again', () => {
    ledger.saw(KEY, aResource('2', { drift: true }));
    ledger.saw(KEY, aResource('3'));
    ledger.notice(KEY, aResource('4', { drift: true }));
    expect(ledger.hasNews(KEY)).toBe(true);
  });

  test.each([
    {
      sentence: 'no news when it is a condition of the composite itself',
      name: KEY,
      isNews: false,
    },
    {
      sentence: 'news when it is a condition of one that it composes',
      name: 'nested',
      isNews: true,
    },
  ])('$sentence', ({ name, isNews }) => {
    const at = (version: string, status: string): Stored => ({
      ...TYPE,
      metadata: { name, uid: `u-${name}`, resourceVersion: version },
      status: { conditions: [{ type: 'Ready', status }] },
    });
    ledger.saw(KEY, at('1', 'False'));
    ledger.notice(KEY, at('2', 'True'));
    expect(ledger.hasNews(KEY)).toBe(isNews);
  });

  test('looked at once', () => {
    ledger.notice(KEY, aResource('2', { arn: 'a' }));
    ledger.begin(KEY);
    expect(ledger.hasNews(KEY)).toBe(false);
  });
});

describe('a pass is due', () => {
  test('in the time that is left, however often one looks in between', async () => {
    const clock = aClock();
    const ledger = new ChangeLedger(clock, TYPE);
    expect(ledger.dueInMs(KEY)).toBeUndefined();
    ledger.expect(KEY, 1000);
    await clock.leap(400);
    expect(ledger.hasNews(KEY)).toBe(false);
    expect(ledger.dueInMs(KEY)).toBe(600);
  });

  test('when it was asked for, and when its time has come', async () => {
    const clock = aClock();
    const ledger = new ChangeLedger(clock, TYPE);
    expect(ledger.hasNews(KEY)).toBe(false);
    ledger.expect(KEY, 1000);
    expect(ledger.hasNews(KEY)).toBe(false);
    await clock.leap(1000);
    expect(ledger.hasNews(KEY)).toBe(true);
    ledger.begin(KEY);
    ledger.force(KEY);
    expect(ledger.hasNews(KEY)).toBe(true);
  });
});
