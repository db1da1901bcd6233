/**
 * A stream of server-sent events for as long as somebody looks: closed while the tab is hidden, since a browser allows a site
 * only six connections of HTTP/1.1 for all its tabs, and begun anew, with everything, when the tab is shown again.
 */
import { signal } from '@preact/signals';
import type { ClusterState, Refusal } from '../contract.js';
import { getSession, refusalIn } from './api.js';
import { hasEndedSession } from './session.js';

/** Whether what is on screen is as it is now. */
export const isLive = signal(true);
export const cluster = signal<ClusterState>({ trouble: '', missing: [] });

interface Ending {
  readonly refused: Refusal;
}

type Handlers<Events> = { readonly [E in keyof Events]: (data: Events[E]) => void };

/** A stream that the server has ended with a reason is asked for again after so long. */
const ASK_AGAIN_MS = { retryable: 2000, other: 10_000 } as const;

/** Returns how to stop. */
export function listen<Events extends Ending>(url: string, handlers: Handlers<Events>): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    if (isStopped) return;
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
    source.addEventListener('refused', ({ data }: MessageEvent<string>) => {
      const { retryable } = JSON.parse(data) as Refusal;
      close(); // it is over, and no failure of the portal that the browser has to try again for
      retry = setTimeout(open, retryable ? ASK_AGAIN_MS.retryable : ASK_AGAIN_MS.other);
    });
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
    isStopped = true;
    close();
    isLive.value = true;
  };
}
