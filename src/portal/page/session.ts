/** Who is signed in, and why nobody is. */
import { signal, type Signal } from '@preact/signals';
import type { Refusal, SessionView } from '../contract.js';
import { getSession, refusalIn, signIn, signOut } from './api.js';
import { go } from './location.js';

/** `null`: nobody. `undefined`: not known yet. */
export const session = signal<SessionView | null | undefined>(undefined);
export const signInRefusal = signal<Refusal | undefined>(undefined);

/** Once, when the page opens: by the link's ticket, if it has one, else by the session there is. */
export async function openSession(): Promise<void> {
  const ticket = location.pathname === '/sign-in' ? location.hash.slice(1) : '';
  try {
    if (ticket === '') session.value = await getSession();
    else {
      history.replaceState(null, '', '/sign-in'); // it is used up, and nobody should find it there
      session.value = await signIn({ ticket });
    }
    if (location.pathname === '/sign-in') go('/', true);
  } catch (error) {
    signInRefusal.value = refusalIn(error);
    session.value = null;
  }
}

export async function signInWith(token: string): Promise<void> {
  session.value = await signIn({ token });
  signInRefusal.value = undefined;
  if (location.pathname === '/sign-in') go('/', true);
}

export async function leave(): Promise<void> {
  await signOut();
  session.value = null;
}

/** Puts a failure where the page shows it; the end of the session is told where one signs in again. */
export function tellOf(shown: Signal<Refusal | undefined>): (error: unknown) => void {
  return (error) => {
    tell(refusalIn(error), shown);
  };
}

export function tell(refusal: Refusal, shown: Signal<Refusal | undefined>): void {
  if (!hasEndedSession(refusal)) shown.value = refusal;
}

/** Whether the cluster takes the token no more; then one has to sign in again. */
export function hasEndedSession(refusal: Refusal): boolean {
  if (refusal.code !== 'PDR2001') return false;
  signInRefusal.value = refusal;
  session.value = null;
  return true;
}
