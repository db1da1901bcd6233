import { describe, expect, test } from '@jest/globals';
import {
  formatKey,
  parseApiVersion,
  parseKey,
  setCondition,
  type Condition,
} from '../../../src/support/kubernetes/objects.js';

const ready: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Available',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const NOW = '2026-01-02T00:00:00Z';

describe('setting a condition', () => {
  test('returns the same array when nothing differs', () => {
    const conditions = [ready];
    const { lastTransitionTime: _, ...same } = ready;
    expect(setCondition(conditions, same, NOW)).toBe(conditions);
  });

  test('keeps the transition time while the status stays', () => {
    const next = { type: 'Ready', status: 'True', reason: 'Updated' } as const;
    expect(setCondition([ready], next, NOW)).toEqual([
      { ...next, lastTransitionTime: ready.lastTransitionTime },
    ]);
  });

  test('moves the transition time when the status does', () => {
    const next = { type: 'Ready', status: 'False', reason: 'Creating' } as const;
    expect(setCondition([ready], next, NOW)).toEqual([{ ...next, lastTransitionTime: NOW }]);
  });

  test('adds a condition of a new type behind the others', () => {
    const next = { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' } as const;
    expect(setCondition([ready], next, NOW).map(({ type }) => type)).toEqual(['Ready', 'Synced']);
  });
});

describe('an object key', () => {
  test.each([{ name: 'one' }, { name: 'one', namespace: 'team' }])(
    'reads back what it wrote: %j',
    (key) => {
      expect(parseKey(formatKey(key))).toEqual(key);
    },
  );

  test.each([
    ['v1', { group: '', version: 'v1' }],
    ['apps/v1', { group: 'apps', version: 'v1' }],
  ])('splits apiVersion %s', (apiVersion, expected) => {
    expect(parseApiVersion(apiVersion)).toEqual(expected);
  });
});
