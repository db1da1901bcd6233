/** A provider that answers at once: whatever is composed is ready as soon as it is seen, with everything that anybody waits for. */
import type { KubernetesClient, ResourceType } from '../src/support/kubernetes/client.js';
import { Informer } from '../src/support/kubernetes/informer.js';
import { keyOf, type KubernetesObject, type Stored } from '../src/support/kubernetes/objects.js';
import { systemClock } from '../src/support/clock.js';
import { silentLog } from '../src/support/log.js';

export interface InstantProvider {
  /** How many resources it has seen. */
  seen(): number;
  stop(): Promise<void>;
}

export async function provideAtOnce(
  client: KubernetesClient,
  kinds: readonly ResourceType[],
): Promise<InstantProvider> {
  const context = { clock: systemClock, log: silentLog };
  let seen = 0;
  const writing = new Set<Promise<unknown>>();
  const informers = kinds.map((kind) => new Informer(client, kind, context));
  for (const informer of informers) {
    informer.onChange(({ type, object }) => {
      if (type !== 'added') return;
      seen += 1;
      const answer = client
        .patch(informer.type, keyOf(object), observation(object), { subresource: 'status' })
        .finally(() => writing.delete(answer));
      writing.add(answer);
    });
    informer.start();
  }
  await Promise.all(informers.map((informer) => informer.synced));
  return {
    seen: () => seen,
    stop: async () => {
      await Promise.all(informers.map((informer) => informer.stop()));
      await Promise.allSettled(writing);
    },
  };
}

function observation({ metadata, spec }: Stored): Partial<KubernetesObject> {
  const arn = `arn:aws:iam::123456789012:bench/${metadata.name}`;
  const lastTransitionTime = '2026-01-15T12:00:00Z';
  const { forProvider = {} } = (spec ?? {}) as { forProvider?: Record<string, unknown> };
  return {
    status: {
      atProvider: {
        ...forProvider,
        arn,
        id: metadata.name,
        streamArn: `${arn}/stream`,
        versioningConfiguration: { status: 'Enabled' },
        deletionProtectionEnabled: true,
        replica: [{ arn, streamArn: `${arn}/stream`, deletionProtectionEnabled: true }],
      },
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Available', lastTransitionTime },
        { type: 'Synced', status: 'True', reason: 'ReconcileSuccess', lastTransitionTime },
      ],
    },
  };
}
