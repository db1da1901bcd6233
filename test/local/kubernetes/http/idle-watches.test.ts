/** Watches that are opened and closed again by the thousand. */
import { expect, test } from '@jest/globals';
import { WatchHub } from '../../../../src/local/kubernetes/storage/watch-hub.js';
import { StoredRecord, type ChangeEvent } from '../../../../src/local/kubernetes/storage/record.js';
import type { Store } from '../../../../src/local/kubernetes/storage/store.js';
import type { Stored } from '../../../../src/support/kubernetes/objects.js';
import { aConfigMap } from '../served-cluster.js';

test('leave nothing behind that a change would still be told to', () => {
  let change: (event: ChangeEvent) => void = () => undefined;
  const store = { onChange: (tell: typeof change) => (change = tell) } as unknown as Store;
  const hub = new WatchHub(store);
  const key = { resource: 'configmaps', namespace: 'default', name: 'one' };
  const record = new StoredRecord(key, aConfigMap('one') as unknown as Stored, 1);
  const event: ChangeEvent = { type: 'ADDED', record, resourceVersion: 1 };
  let told = 0;
  const stops = Array.from({ length: 2000 }, () => hub.watch('configmaps', () => (told += 1)));
  change(event);
  expect(told).toBe(2000);
  for (const stop of stops) stop();
  change(event);
  expect(told).toBe(2000);
});
