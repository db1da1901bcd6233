import { describe, expect, test } from '@jest/globals';
import type { Composed } from '../../../src/local/crossplane/composites/compose.js';
import { outcomeConditions } from '../../../src/local/crossplane/composites/publish-status.js';
import { nameSome } from '../../../src/local/crossplane/conditions.js';

describe('names in a message', () => {
  test.each([
    { names: ['b', 'a'], words: 'a, b' },
    { names: ['c', 'b', 'a'], words: 'a, b, c' },
    { names: ['e', 'd', 'c', 'b', 'a'], words: 'a, b, c, and 2 more' },
  ])('are $words', ({ names, words }) => {
    expect(nameSome(names)).toBe(words);
  });
});

describe('the conditions of a composite', () => {
  const composed: Composed = {
    composite: {
      apiVersion: 'v1',
      kind: 'XThing',
      metadata: { name: 'x', uid: 'u', resourceVersion: '1' },
    },
    unsynced: [],
    unready: [],
    readiness: undefined,
    conditions: [],
    connectionDetails: {},
    ttlSeconds: undefined,
    hasNewStatus: false,
  };
  const of = (difference: Partial<Composed>) =>
    Object.fromEntries(
      outcomeConditions({ ...composed, ...difference }).map(({ type, reason, message }) => [
        type,
        [reason, message],
      ]),
    );

  test('are all good when every resource is ready', () => {
    expect(of({})).toEqual({
      Responsive: ['WatchCircuitClosed', undefined],
      Synced: ['ReconcileSuccess', undefined],
      Ready: ['Available', undefined],
    });
  });

  test('name the resources that are not ready', () => {
    expect(of({ unready: ['key'] }).Ready).toEqual(['Creating', 'Unready resources: key']);
  });

  test('name the resources that were refused, which may be ready all the same', () => {
    expect(of({ unsynced: ['queue'] })).toMatchObject({
      Synced: ['ReconcileError', 'Unsynced resources: queue'],
      Ready: ['Available', undefined],
    });
  });

  test('say nothing more where a function called the composite not ready', () => {
    expect(of({ readiness: false, unready: ['key'] }).Ready).toEqual(['Creating', undefined]);
  });

  test('hold those of functions, but never in the place of Crossplane’s own', () => {
    const condition = { status: 'STATUS_CONDITION_TRUE', reason: 'Said' } as const;
    const conditions = [
      { ...condition, type: 'Backup' },
      { ...condition, type: 'Ready' },
    ];
    expect(of({ conditions, unready: ['key'] })).toMatchObject({
      Backup: ['Said', undefined],
      Ready: ['Creating', 'Unready resources: key'],
    });
  });
});
