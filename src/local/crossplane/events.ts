/**
 * Events: what `kubectl describe` shows below an object.
 *
 * Recording never delays or fails a reconcile. The same event of the same object is written once a minute at most, and
 * then counted on the Event that is there. Many events of one object that differ in their message only become one, and an
 * object that goes on and on is not listened to: both with the limits of the recorder that Kubernetes' own controllers use
 * (client-go, tools/record).
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
const QUIET_MS = 60_000;
/** As many messages of one object and reason are told apart within this time; all later ones are one event. */
const TOLD_APART = 9;
const APART_MS = 600_000;
/** As many events an object may have at once, and how long it takes until it may have one more. */
const BURST = 25;
const REFILL_MS = 300_000;
/** As many events as are remembered; the eldest are forgotten first, and would be written anew. */
const REMEMBERED = 10_000;
/** The API server refuses a longer message. */
const MAX_MESSAGE = 1024;

/** The controller that tells. */
const CROSSPLANE = 'crossplane';

/** What an object has been telling under one reason. */
interface Talk {
  readonly messages: Set<string>;
  startedAtMs: number;
}

/** How many more events an object may have. */
interface Allowance {
  left: number;
  asOfMs: number;
}

export class EventRecorder {
  readonly #named = new Map<string, EventRecorder>();
  readonly #recorded = new Map<string, Recorded>();
  readonly #talks = new Map<string, Talk>();
  readonly #allowances = new Map<string, Allowance>();
  readonly #writing = new Set<Promise<void>>();

  constructor(
    private readonly client: KubernetesClient,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly component = CROSSPLANE,
  ) {}

  /** The recorder of the controller of this name, which `kubectl describe` shows; it has limits of its own. */
  of(component: string): EventRecorder {
    const named =
      this.#named.get(component) ?? new EventRecorder(this.client, this.clock, this.log, component);
    this.#named.set(component, named);
    return named;
  }

  normal(about: Stored, reason: string, message: string): void {
    this.#record(about, { type: 'Normal', reason, message });
  }

  warning(about: Stored, reason: string, message: string): void {
    this.#record(about, { type: 'Warning', reason, message });
  }

  /** Resolves when what was recorded is written. */
  async flush(): Promise<void> {
    await Promise.all(this.#writing);
    await Promise.all([...this.#named.values()].map((named) => named.flush()));
  }

  #record(about: Stored, said: EventText): void {
    const nowMs = this.clock.now();
    const topic = [about.metadata.uid, said.type, said.reason].join('\n');
    const isOneOfMany = !this.#isToldApart(topic, said.message, nowMs);
    const key = isOneOfMany ? topic : `${topic}\n${said.message}`;
    const before = this.#recorded.get(key);
    if (before !== undefined && nowMs - before.writtenAtMs < QUIET_MS) return;
    if (!this.#isAllowed(about.metadata.uid, nowMs)) return;
    const text = isOneOfMany
      ? { ...said, message: `(combined from similar events): ${said.message}` }
      : said;
    const suffix = createHash('sha256').update(`${key}\n${nowMs}`).digest('hex').slice(0, 16);
    const recorded: Recorded = {
      name: before?.name ?? `${about.metadata.name}.${suffix}`,
      writtenAtMs: nowMs,
      count: (before?.count ?? 0) + 1,
    };
    remember(this.#recorded, key, recorded);
    const writing = this.#write(about, text, recorded)
      .catch((error: unknown) => this.log.debug('event not recorded', { ...text, error }))
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  #isToldApart(topic: string, message: string, nowMs: number): boolean {
    const known = this.#talks.get(topic);
    const isOver = known === undefined || nowMs - known.startedAtMs > APART_MS;
    const talk = isOver ? { messages: new Set<string>(), startedAtMs: nowMs } : known;
    remember(this.#talks, topic, talk);
    if (talk.messages.size < TOLD_APART) talk.messages.add(message);
    return talk.messages.has(message);
  }

  #isAllowed(uid: string, nowMs: number): boolean {
    const { left, asOfMs } = this.#allowances.get(uid) ?? { left: BURST, asOfMs: nowMs };
    const now = Math.min(BURST, left + (nowMs - asOfMs) / REFILL_MS);
    remember(this.#allowances, uid, { left: now < 1 ? now : now - 1, asOfMs: nowMs });
    return now >= 1;
  }

  async #write(about: Stored, text: EventText, { name, count }: Recorded): Promise<void> {
    const { namespace = 'default' } = about.metadata;
    const now = toKubernetesTime(this.clock.now());
    if (count > 1) {
      await this.client.patch(
        EVENTS,
        { namespace, name },
        {
          count,
          lastTimestamp: now,
          message: text.message.slice(0, MAX_MESSAGE),
        },
      );
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
      source: { component: this.component },
      reportingComponent: this.component,
      reportingInstance: '',
    };
    await this.client.create(EVENTS, event);
  }
}

/** Keeps `value` as the youngest; the eldest are forgotten first. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const eldest of map.keys()) {
    if (map.size <= REMEMBERED) break;
    map.delete(eldest);
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
