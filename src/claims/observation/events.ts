/** What happened to a claim and to everything that it is made of, as the cluster's events tell. */
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient, ResourceType } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { ObservedClaim } from './observe.js';

/** Events of cluster-scoped objects are kept here. */
const CLUSTER_NAMESPACE = 'default';
const EVENTS: ResourceType = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};

/** An event as core/v1 has it. */
interface CoreEvent extends KubernetesObject {
  readonly involvedObject: {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
  };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

export interface ClaimEvent {
  readonly kind: string;
  readonly name: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface ClaimEvents {
  /** Oldest first. */
  readonly events: readonly ClaimEvent[];
  /** Namespaces of which the caller may not read events. */
  readonly hidden: readonly string[];
}

/** The same words about the same object are one event, however often and by whomever they were said. */
export async function eventsOf(
  client: KubernetesClient,
  { form, claim, composite, resources }: ObservedClaim,
): Promise<ClaimEvents> {
  const uids = new Set(
    [claim, ...(composite === undefined ? [] : [composite]), ...resources].map(
      ({ metadata }) => metadata.uid,
    ),
  );
  const namespaces = new Set([
    claim.metadata.namespace ?? CLUSTER_NAMESPACE,
    ...(form === 'cluster' ? [CLUSTER_NAMESPACE] : []),
  ]);
  const hidden: string[] = [];
  const ours: CoreEvent[] = [];
  await Promise.all(
    [...namespaces].map(async (namespace) => {
      try {
        // A namespace can have very many of them, of which a few are a claim's.
        for await (const { items } of client.chunks<CoreEvent>(EVENTS, { namespace }))
          ours.push(...items.filter(({ involvedObject: { uid } }) => uids.has(uid)));
      } catch (error) {
        // A claim's author may well see only the events of the claim's own namespace.
        if (!isApiError(error, 'Forbidden')) throw error;
        hidden.push(namespace);
      }
    }),
  );
  const told = new Map<string, ClaimEvent>();
  for (const event of ours) {
    const next = read(event);
    const key = JSON.stringify([event.involvedObject.uid, next.type, next.reason, next.message]);
    const before = told.get(key);
    told.set(key, before === undefined ? next : together(before, next));
  }
  return { events: [...told.values()].sort(byTime), hidden };
}

function read({
  involvedObject,
  type = 'Normal',
  reason = '',
  message = '',
  ...event
}: CoreEvent): ClaimEvent {
  const { kind = '', name = '' } = involvedObject;
  const { series, count, firstTimestamp, lastTimestamp, eventTime, metadata } = event;
  const created = metadata.creationTimestamp ?? '';
  const firstAt = firstTimestamp ?? eventTime ?? created;
  const lastAt = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? created;
  return {
    kind,
    name,
    type,
    reason,
    message: message.trim(),
    count: series?.count ?? count ?? 1,
    firstAt,
    lastAt,
  };
}

function together(one: ClaimEvent, other: ClaimEvent): ClaimEvent {
  return {
    ...one,
    count: one.count + other.count,
    firstAt: one.firstAt < other.firstAt ? one.firstAt : other.firstAt,
    lastAt: one.lastAt > other.lastAt ? one.lastAt : other.lastAt,
  };
}

function byTime(one: ClaimEvent, other: ClaimEvent): number {
  const key = ({ lastAt, firstAt, kind, name, reason }: ClaimEvent) => [
    Date.parse(lastAt),
    Date.parse(firstAt),
    kind,
    name,
    reason,
  ];
  const [a, b] = [key(one), key(other)];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}
