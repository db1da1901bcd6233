/** The events of a claim and of what it is made of, latest first, so far as the caller may read events. */
import { eventsOf, type ClaimEvent } from '../../claims/observation/events.js';
import type { ObservedClaim } from '../../claims/observation/observe.js';
import type { Events, EventView } from '../contract.js';
import type { Caller } from '../session/callers.js';

const SHOWN = 100;

export async function latestEvents({ client }: Caller, observed: ObservedClaim): Promise<Events> {
  const { events, hidden } = await eventsOf(client, observed);
  return { events: events.slice(-SHOWN).reverse().map(eventViewOf), hidden };
}

function eventViewOf({ lastAt, type, reason, message, count, kind, name }: ClaimEvent): EventView {
  return { at: lastAt, type, reason, message, count, about: `${kind}/${name}` };
}
