/** The small things that every page is made of. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Refusal } from '../contract.js';
import type { Health } from './words.js';

const MARKS: Readonly<Record<Health, string>> = {
  good: 'M4 8.5l2.7 2.7L12 5.5',
  waiting: 'M8 4.5V8l2.5 2',
  bad: 'M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6',
  unknown: 'M6 6.2a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.3M8 11.6v.2',
};

/** A state as a shape and a colour; words stand beside it. */
export function Mark({ health }: { readonly health: Health }) {
  return (
    <svg class={`mark ${health}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="7.5" />
      <path d={MARKS[health]} />
    </svg>
  );
}

export function Pill({
  health,
  children,
}: {
  readonly health: Health;
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`pill ${health}`}>
      <Mark health={health} />
      {children}
    </span>
  );
}

/** A failure: what happened, what to do, and the code to look it up by. */
export function Problem({ refusal }: { readonly refusal: Refusal }) {
  return (
    <div class="problem" role="alert">
      <Mark health="bad" />
      <div>
        <p class="problem-message">{refusal.message}</p>
        <p>
          {capitalised(refusal.remedy)} <span class="code">{refusal.code}</span>
        </p>
      </div>
    </div>
  );
}

export function NotServed() {
  return (
    <div class="empty card" role="status">
      <h2>This cluster does not serve PaymentsDR</h2>
      <p>Whoever runs the platform can install it, from a checkout of payments-dr:</p>
      <code>kubectl apply -f crds/ -f compositions/</code>
    </div>
  );
}

/** The heading of a page: takes the focus when the page opens, so that a screen reader begins there, and names the tab. */
export function Title({
  children,
  tab,
}: {
  readonly children: ComponentChildren;
  readonly tab: string;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${tab} · Payments DR`;
    heading.current?.focus({ preventScroll: true });
  }, [tab]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** Back to where the page begins, when what had the focus is gone. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}

interface CopyProps {
  readonly text: () => string;
  readonly label: string;
  /** What a screen reader is told, where the label alone says too little. */
  readonly about?: string;
  readonly kind?: string;
  readonly disabled?: boolean;
}

export function CopyButton({ text, label, about, kind = 'quiet', disabled = false }: CopyProps) {
  const said = useSignal('');
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => (said.value = 'Copied'),
      () => (said.value = 'The browser refused'),
    );
    setTimeout(() => (said.value = ''), 1500);
  };
  return (
    <button
      type="button"
      class={kind}
      disabled={disabled}
      onClick={copy}
      aria-label={said.value === '' ? about : undefined}
    >
      {said.value === '' ? label : said.value}
    </button>
  );
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
