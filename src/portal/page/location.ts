/** Where the page is: the address bar as a signal, and links that change it without loading anything. */
import { signal } from '@preact/signals';
import type { ClaimKey } from '../contract.js';

export const path = signal(location.pathname);

addEventListener('popstate', () => (path.value = location.pathname));

/** `isInstead`: where one comes from is done with, and nothing to go back to. */
export function go(to: string, isInstead = false): void {
  if (isInstead) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  path.value = location.pathname;
  scrollTo(0, 0);
}

/** For `onClick` of a link within the page; leaves new tabs and windows to the browser. */
export function follow(event: MouseEvent): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = event.currentTarget;
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  go(link.pathname);
}

export function claimPath({ form, namespace, name }: ClaimKey): string {
  return `/claims/${form}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

/** The claim in an address such as `/claims/cluster/team/checkout/edit`, and what follows it. */
export function claimIn(address: string): { key: ClaimKey; rest: string } | undefined {
  const [, claims, form, namespace, name, rest = ''] = address.split('/');
  if (claims !== 'claims' || namespace === undefined || name === undefined) return undefined;
  if (form !== 'cluster' && form !== 'namespaced') return undefined;
  try {
    const key = {
      form,
      namespace: decodeURIComponent(namespace),
      name: decodeURIComponent(name),
    } as const;
    return { key, rest };
  } catch {
    return undefined;
  }
}
