/**
 * Events: what `kubectl describe` shows below an object.
 *
 * Recording never delays or fails a reconcile. The same event of the same object is written once a minute at most, and
 * then counted on the Event that is there.
 */
import { createHash } from 'node:crypto';
import { toKubernetesTime, type Clock } from '../../support/clock.js';
import type { KubernetesClient, ResourceType } from '../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../support/kubernetes/objects.js';
import type { Log } from '../../support/log.js';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

interface Recorded {
  readonly name: string;
  readonly writtenAtMs: number;
  readonly count: number;
}

const EVENTS: ResourceType = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
const COMPONENT = 'crossplane';
const QUIET_MS = 60_000;
/** As many events as are remembered; the eldest are forgotten first, and would be written anew. */
const REMEMBERED = 10_000;
/** The API server refuses a longer message. */
const MAX_MESSAGE = 1024;

export class EventRecorder {
  readonly #recorded = new Map<string, Recorded>();
  readonly #writing = new Set<Promise<void>>();

  constructor(
    private readonly client: KubernetesClient,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  normal(about: Stored, reason: string, message: string): void {
    this.#record(about, { type: 'Normal', reason, message });
  }

  warning(about: Stored, reason: string, message: string): void {
    this.#record(about, { type: 'Warning', reason, message });
  }

  /** Resolves when what was recorded is written. */
  async flush(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #record(about: Stored, text: EventText): void {
    const key = [about.metadata.uid, text.type, text.reason, text.message].join('\n');
    const nowMs = this.clock.now();
    const before = this.#recorded.get(key);
    if (before !== undefined && nowMs - before.writtenAtMs < QUIET_MS) return;
    const suffix = createHash('sha256').update(`${key}\n${nowMs}`).digest('hex').slice(0, 16);
    const recorded: Recorded = {
      name: before?.name ?? `${about.metadata.name}.${suffix}`,
      writtenAtMs: nowMs,
      count: (before?.count ?? 0) + 1,
    };
    this.#recorded.delete(key);
    this.#recorded.set(key, recorded);
    for (const eldest of this.#recorded.keys()) {
      if (this.#recorded.size <= REMEMBERED) break;
      this.#recorded.delete(eldest);
    }
    const writing = this.#write(about, text, recorded)
      .catch((error: unknown) => this.log.debug('event not recorded', { ...text, error }))
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #write(about: Stored, text: EventText, { name, count }: Recorded): Promise<void> {
    const { namespace = 'default' } = about.metadata;
    const now = toKubernetesTime(this.clock.now());
    if (count > 1) {
      await this.client.patch(EVENTS, { namespace, name }, { count, lastTimestamp: now });
      return;
    }
    const event: KubernetesObject & Record<string, unknown> = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: involved(about),
      type: text.type,
      reason: text.reason,
      message: text.message.slice(0, MAX_MESSAGE),
      count,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: COMPONENT },
      reportingComponent: COMPONENT,
      reportingInstance: '',
    };
    await this.client.create(EVENTS, event);
  }
}

function involved({ apiVersion, kind, metadata }: Stored): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    resourceVersion,
  };
}
