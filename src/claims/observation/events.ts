/** What happened to a claim and to everything that it is made of, as the cluster's events tell. */
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { ObservedClaim } from './observe.js';

/** Events of cluster-scoped objects are kept here. */
const CLUSTER_NAMESPACE = 'default';

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

/** Oldest first. The same words about the same object are one event, however often and by whomever they were said. */
export async function eventsOf(
  client: KubernetesClient,
  observed: ObservedClaim,
): Promise<ClaimEvent[]> {
  const { claim, composite, resources } = observed;
  const uids = new Set(
    [claim, ...(composite === undefined ? [] : [composite]), ...resources].map(
      ({ metadata }) => metadata.uid,
    ),
  );
  const type = await client.resourceType('v1', 'Event');
  const namespaces = new Set([claim.metadata.namespace ?? CLUSTER_NAMESPACE, CLUSTER_NAMESPACE]);
  const lists = await Promise.all(
    [...namespaces].map(async (namespace) => {
      try {
        return (await client.list<CoreEvent>(type, { namespace })).items;
      } catch (error) {
        // A claim's author may well see only the events of the claim's own namespace.
        if (isApiError(error, 'Forbidden') && namespace !== claim.metadata.namespace) return [];
        throw error;
      }
    }),
  );
  const told = new Map<string, ClaimEvent>();
  for (const event of lists.flat().filter(({ involvedObject: { uid } }) => uids.has(uid))) {
    const next = read(event);
    const key = JSON.stringify([event.involvedObject.uid, next.type, next.reason, next.message]);
    const before = told.get(key);
    told.set(key, before === undefined ? next : together(before, next));
  }
  return [...told.values()].sort(byTime);
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
