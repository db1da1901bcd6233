/**
 * Kubernetes events about the objects that the provider reconciles, for the reader of `kubectl describe`.
 *
 * What was said last of an object is not said again: a failure that is retried is one event.
 */
import { createHash } from 'node:crypto';
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import type { Log } from '../../../support/log.js';
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { parseApiVersion } from '../../../support/kubernetes/objects.js';

/** The API server takes at most this many characters. */
const MAX_MESSAGE_LENGTH = 1024;

export class EventRecorder {
  readonly #lastSaid = new Map<string, string>();
  #sequence = 0;

  constructor(
    private readonly client: KubernetesClient,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Never rejects: an event that cannot be written must not stop the work it is about. */
  async record(
    about: Stored,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): Promise<void> {
    const { uid, name, namespace, resourceVersion } = about.metadata;
    const said = `${reason} ${message}`;
    if (this.#lastSaid.get(uid) === said) return;
    this.#lastSaid.set(uid, said);
    const now = toKubernetesTime(this.clock.now());
    const { kind, apiVersion } = about;
    this.#sequence += 1;
    const unique = createHash('sha256')
      .update(`${uid} ${said} ${this.clock.now()} ${this.#sequence}`)
      .digest('hex');
    const event: KubernetesObject & Record<string, unknown> = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${name.slice(0, 200)}.${unique.slice(0, 16)}`,
        namespace: namespace ?? 'default',
      },
      involvedObject: {
        apiVersion,
        kind,
        name,
        uid,
        resourceVersion,
        ...(namespace === undefined ? {} : { namespace }),
      },
      type,
      reason,
      message: message.slice(0, MAX_MESSAGE_LENGTH),
      source: {
        component: `${kind.endsWith('ProviderConfig') ? 'providerconfig' : 'managed'}/${parseApiVersion(apiVersion).group}/${kind.toLowerCase()}`,
      },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
    try {
      await this.client.create(await this.client.resourceType('v1', 'Event'), event);
    } catch (error) {
      this.log.debug('event not written', { object: name, reason, error });
    }
  }

  forget(uid: string): void {
    this.#lastSaid.delete(uid);
  }
}
