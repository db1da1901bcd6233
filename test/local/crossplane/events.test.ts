import { describe, expect, test } from '@jest/globals';
import type { KubernetesClient } from '../../../src/support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../../src/support/kubernetes/objects.js';
import { silentLog } from '../../../src/support/log.js';
import { EventRecorder } from '../../../src/local/crossplane/events.js';
import { aClock } from '../../builders/a-clock.js';

const about: Stored = {
  apiVersion: 'shop.example.org/v1',
  kind: 'XThing',
  metadata: { name: 'x', uid: 'u', resourceVersion: '1' },
};

/** A client that keeps what is written, and nothing else. */
function aNotebook() {
  const created: string[] = [];
  const tellers: unknown[] = [];
  const counted: unknown[] = [];
  const client = {
    create: (_: unknown, event: KubernetesObject & { message: string; source: unknown }) => {
      created.push(event.message);
      tellers.push(event.source);
      return Promise.resolve(event);
    },
    patch: (_: unknown, __: unknown, patch: unknown) => {
      counted.push(patch);
      return Promise.resolve(patch);
    },
  } as unknown as KubernetesClient;
  return { client, created, counted, tellers };
}

describe('events', () => {
  test('of one object and reason are told apart nine times, then combined', async () => {
    const { client, created } = aNotebook();
    const recorder = new EventRecorder(client, aClock(), silentLog);
    for (let n = 1; n <= 15; n += 1) recorder.normal(about, 'ComposeResources', `resource ${n}`);
    await recorder.flush();
    expect(created).toHaveLength(10);
    expect(created[8]).toBe('resource 9');
    expect(created[9]).toBe('(combined from similar events): resource 10');
  });

  test('that are the same are counted, once a minute at most', async () => {
    const clock = aClock();
    const { client, created, counted } = aNotebook();
    const recorder = new EventRecorder(client, clock, silentLog);
    const tell = async () => {
      recorder.warning(about, 'ComposeResources', 'no');
      await recorder.flush();
    };
    await tell();
    await tell();
    await clock.leap(60_000);
    await tell();
    expect(created).toEqual(['no']);
    expect(counted).toEqual([expect.objectContaining({ count: 2, message: 'no' })]);
  });

  test('of an object that goes on and on are no longer written', async () => {
    const { client, created } = aNotebook();
    const recorder = new EventRecorder(client, aClock(), silentLog);
    for (let n = 1; n <= 40; n += 1) recorder.normal(about, `Reason${n}`, 'again');
    await recorder.flush();
    expect(created).toHaveLength(25);
  });

  test('bear the name of the controller that tells them', async () => {
    const { client, tellers } = aNotebook();
    const recorder = new EventRecorder(client, aClock(), silentLog);
    recorder.of('defined/things').normal(about, 'ComposeResources', 'told');
    await recorder.flush();
    expect(tellers).toEqual([{ component: 'defined/things' }]);
  });
});
