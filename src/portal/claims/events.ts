/** The events of a claim and of what it is made of, latest first, so far as the caller may read events. */
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { ResourceType } from '../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../support/kubernetes/objects.js';
import type { ClaimKey, Events, EventView } from '../contract.js';
import { compositeOf } from '../live/claim-kinds.js';
import type { SharedWatch } from '../live/shared-watch.js';
import type { Caller } from '../session/callers.js';

const EVENTS: ResourceType = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
/** Where the events of cluster-scoped objects are kept. */
const CLUSTER_EVENTS = 'default';
const SHOWN = 100;

interface EventObject extends KubernetesObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject?: {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

export async function eventsOf(
  watch: SharedWatch,
  { client }: Caller,
  { form }: ClaimKey,
  claim: Stored,
): Promise<Events> {
  const composite = compositeOf(form, claim)?.slice(1);
  const resources = watch.resourcesOf(form, claim);
  const uids = new Set([claim, ...resources].map(({ metadata }) => metadata.uid));
  const isOurs = ({ involvedObject }: EventObject) =>
    uids.has(involvedObject?.uid ?? '') ||
    (involvedObject?.kind?.startsWith('XPaymentsDR') === true && involvedObject.name === composite);
  const namespaces = [
    claim.metadata.namespace ?? '',
    ...(form === 'cluster' ? [CLUSTER_EVENTS] : []),
  ];
  const hidden: string[] = [];
  const found = await Promise.all(
    [...new Set(namespaces)].map(async (namespace) => {
      try {
        return (await client.list<EventObject>(EVENTS, { namespace })).items;
      } catch (error) {
        if (!isApiError(error, 'Forbidden')) throw error;
        hidden.push(namespace);
        return [];
      }
    }),
  );
  const events = found
    .flat()
    .filter(isOurs)
    .map(eventViewOf)
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, SHOWN);
  return { events, hidden };
}

function eventViewOf(event: Stored<EventObject>): EventView {
  const { type = '', reason = '', message = '', count = 1, involvedObject } = event;
  const at = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '';
  const about = `${involvedObject?.kind ?? ''}/${involvedObject?.name ?? ''}`;
  return { at, type, reason, message, count, about };
}
