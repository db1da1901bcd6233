/** What happened to a claim and to what it is made of; read again whenever the claim changes. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ClaimView, Events, Refusal } from '../contract.js';
import { getEvents, refusalIn } from './api.js';
import { Mark, Problem } from './parts.js';
import { agoOf } from './words.js';

/** A claim that comes up changes many times a second; its events can wait a little. */
const SETTLE_MS = 500;

export function EventList({ claim }: { readonly claim: ClaimView }) {
  const events = useSignal<Events | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(() => {
      getEvents(claim).then(
        (latest) => {
          events.value = latest;
          refusal.value = undefined;
        },
        (error: unknown) => (refusal.value = refusalIn(error)),
      );
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [claim]);
  const nowMs = Date.now();
  return (
    <section class="card" aria-labelledby="events">
      <h2 id="events">Events</h2>
      {refusal.value !== undefined && <Problem refusal={refusal.value} />}
      {events.value === undefined && refusal.value === undefined && (
        <p class="quiet-note">Looking…</p>
      )}
      {events.value?.events.length === 0 && <p class="quiet-note">Nothing has happened lately.</p>}
      <ul class="events" tabIndex={0} aria-labelledby="events">
        {events.value?.events.map((event, index) => (
          <li key={index}>
            <Mark health={event.type === 'Warning' ? 'bad' : 'good'} />
            <span class="event-text">
              <b>{event.reason}</b> {event.message}
              <small>{event.about}</small>
            </span>
            <time dateTime={event.at}>
              {agoOf(event.at, nowMs)}
              {event.count > 1 && ` · ${event.count} times`}
            </time>
          </li>
        ))}
      </ul>
      {events.value !== undefined && events.value.hidden.length > 0 && (
        <p class="note">You may not read events in: {events.value.hidden.join(', ')}.</p>
      )}
    </section>
  );
}
