import { describe, expect, test } from '@jest/globals';
import { healthOf, stateOf } from '../../../src/portal/page/words.js';

const condition = (status: string, reason: string) => ({ status, reason, message: '' });
const SYNCED = condition('True', 'ReconcileSuccess');
const READY = condition('True', 'Available');

describe('what a page calls a claim', () => {
  test.each([
    { state: 'Ready', health: 'good', synced: SYNCED, ready: READY },
    { state: 'Creating', health: 'waiting', synced: SYNCED, ready: condition('False', 'Creating') },
    { state: 'Waiting', health: 'waiting', synced: null, ready: null },
    { state: 'Unknown', health: 'unknown', synced: SYNCED, ready: condition('Perhaps', 'Novel') },
    { state: 'Failing', health: 'bad', synced: condition('False', 'ReconcileError'), ready: READY },
    {
      state: 'Paused',
      health: 'waiting',
      synced: condition('False', 'ReconcilePaused'),
      ready: READY,
    },
  ])('is $state, and looks $health', ({ state, health, ...standing }) => {
    expect(stateOf({ isDeleting: false, ...standing })).toBe(state);
    expect(healthOf({ isDeleting: false, ...standing })).toBe(health);
  });

  test('is Deleting, whatever else is said of it', () => {
    expect(stateOf({ isDeleting: true, synced: SYNCED, ready: READY })).toBe('Deleting');
  });
});
