import { describe, expect, test } from '@jest/globals';
import type { Composed } from '../../../src/local/crossplane/composites/compose.js';
import {
  claimConditionTypes,
  conditionsAfterFailure,
  outcomeConditions,
} from '../../../src/local/crossplane/composites/publish-status.js';
import { nameSome } from '../../../src/local/crossplane/conditions.js';

describe('names in a message', () => {
  test.each([
    { names: ['b', 'a'], words: 'a, b' },
    { names: ['c', 'b', 'a'], words: 'a, b, and c' },
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

describe('the conditions of functions', () => {
  const lastTransitionTime = '2026-01-15T12:00:00Z';
  const composite = {
    apiVersion: 'v1',
    kind: 'XThing',
    metadata: { name: 'x' },
    status: {
      claimConditionTypes: ['Older'],
      conditions: ['Ready', 'DatabaseReady', 'Other'].map((type) => ({
        type,
        status: 'True',
        reason: 'Fine',
        lastTransitionTime,
      })),
    },
  };
  const said = [
    {
      type: 'DatabaseReady',
      status: 'STATUS_CONDITION_FALSE',
      reason: 'Down',
      target: 'TARGET_COMPOSITE_AND_CLAIM' as const,
    },
    { type: 'Synced', target: 'TARGET_COMPOSITE_AND_CLAIM' as const },
  ];

  test('are unknown after a fatal result, but for those said before it and Crossplane’s own', () => {
    const texts = conditionsAfterFailure(composite, said);
    expect(texts.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['DatabaseReady', 'False', 'Down'],
      ['Other', 'Unknown', 'FatalError'],
    ]);
  });

  test('reach the claim where a function wants it, beside those that did before', () => {
    expect(claimConditionTypes(composite, said)).toEqual({
      claimConditionTypes: ['Older', 'DatabaseReady'],
    });
    expect(claimConditionTypes(composite, [])).toEqual({});
  });
});
