/** What the pages of a new claim and of an edit share: what they begin with, the cluster's word on what is written, and their two halves. */
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FieldFault, Refusal } from '../contract.js';
import { follow } from './location.js';
import { Problem, Title } from './parts.js';
import { tellOf } from './session.js';

/** So long after the last key the cluster is asked. */
const ASK_AFTER_MS = 250;

interface Loaded<T> {
  readonly loaded: ReadonlySignal<T | undefined>;
  readonly refusal: ReadonlySignal<Refusal | undefined>;
  readonly reload: () => void;
}

/** What a page begins with, read when it opens. */
export function useLoaded<T>(read: () => Promise<T>): Loaded<T> {
  const loaded = useSignal<T | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const reload = () => {
    loaded.value = undefined;
    refusal.value = undefined;
    read().then((found) => (loaded.value = found), tellOf(refusal));
  };
  useEffect(reload, []);
  return { loaded, refusal, reload };
}

interface Verdict<T> {
  /** The last one, and of which text it is. */
  readonly latest: ReadonlySignal<{ readonly of: string; readonly says: T } | undefined>;
  readonly refusal: Signal<Refusal | undefined>;
}

/** What the cluster says of the text that is `written`, a moment after the last key. */
export function useVerdict<T>(written: string, ask: () => Promise<T>): Verdict<T> {
  const latest = useSignal<{ readonly of: string; readonly says: T } | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      ask().then(
        (says) => {
          if (!isCurrent) return;
          latest.value = { of: written, says };
          refusal.value = undefined;
        },
        (error: unknown) => {
          if (isCurrent) tellOf(refusal)(error);
        },
      );
    }, ASK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [written]);
  return { latest, refusal };
}

/** Does the work unless it runs already: of a thousand clicks the first counts. */
export function useOnce(refusal: Signal<Refusal | undefined>) {
  const isBusy = useSignal(false);
  const once = (work: () => Promise<unknown>) => {
    if (isBusy.value) return;
    isBusy.value = true;
    refusal.value = undefined;
    work()
      .catch(tellOf(refusal))
      .finally(() => (isBusy.value = false));
  };
  return { isBusy, once };
}

interface WritingPageProps {
  readonly title: string;
  readonly back: { readonly to: string; readonly label: string };
  readonly refusal: Refusal | undefined;
  readonly isLoading: boolean;
  readonly children: ComponentChildren;
}

export function WritingPage({ title, back, refusal, isLoading, children }: WritingPageProps) {
  return (
    <>
      <nav aria-label="Where you are">
        <a href={back.to} onClick={follow}>
          {back.label}
        </a>
      </nav>
      <div class="page-head">
        <Title tab={title}>{title}</Title>
      </div>
      {refusal !== undefined && <Problem refusal={refusal} />}
      {isLoading && refusal === undefined && <p class="quiet-note">Reading the schema…</p>}
      {children}
    </>
  );
}

interface WritingProps {
  readonly onSubmit: () => void;
  readonly fields: ComponentChildren;
  readonly actions: ComponentChildren;
  readonly faults: readonly FieldFault[];
  readonly refusal: Refusal | undefined;
  readonly children: ComponentChildren;
}

/** The form on one side; on the other what can be done with it, what is wrong with it, and what comes of it. */
export function Writing({ onSubmit, fields, actions, faults, refusal, children }: WritingProps) {
  const submit = (event: Event) => {
    event.preventDefault();
    onSubmit();
  };
  const ofNoField = faults.filter(({ field }) => field === '' || field === 'spec');
  return (
    <form class="writing" onSubmit={submit} noValidate>
      <div class="writing-form card">{fields}</div>
      <div class="writing-side">
        <div class="actions">{actions}</div>
        {ofNoField.map(({ message }) => (
          <p key={message} class="fault" role="alert">
            {message}
          </p>
        ))}
        {refusal !== undefined && <Problem refusal={refusal} />}
        {children}
      </div>
    </form>
  );
}
