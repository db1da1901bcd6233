/**
 * A stream of server-sent events for as long as somebody looks: closed while the tab is hidden, since a browser allows a site
 * only six connections of HTTP/1.1 for all its tabs, and begun anew, with everything, when the tab is shown again.
 */
import { signal } from '@preact/signals';
import type { ClusterState } from '../contract.js';
import { getSession, refusalIn } from './api.js';
import { hasEndedSession } from './session.js';

/** Whether what is on screen is as it is now. */
export const isLive = signal(true);
export const cluster = signal<ClusterState>({ trouble: '', missing: [] });

type Handlers<Events> = { readonly [E in keyof Events]: (data: Events[E]) => void };

/** Returns how to stop. */
export function listen<Events extends object>(url: string, handlers: Handlers<Events>): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    source = new EventSource(url);
    source.onopen = () => (isLive.value = true);
    source.onerror = () => {
      isLive.value = false;
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      retry = setTimeout(() => {
        getSession().then(open, (error: unknown) => {
          if (!hasEndedSession(refusalIn(error))) open();
        });
      }, 1000);
    };
    for (const event of Object.keys(handlers) as (keyof Events & string)[]) {
      source.addEventListener(event, (message: MessageEvent<string>) =>
        handlers[event](JSON.parse(message.data) as Events[typeof event]),
      );
    }
  };
  const onVisibility = () => {
    if (document.hidden) close();
    else open();
  };
  document.addEventListener('visibilitychange', onVisibility);
  open();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
    isLive.value = true;
  };
}
