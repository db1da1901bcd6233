/** The list of claims, live. Each line follows its own claim, so that a change redraws one line of a thousand. */
import { batch, computed, signal, useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ClaimRow, ListEvents, Refusal } from '../contract.js';
import { cluster, listen } from './live.js';
import { claimPath, follow } from './location.js';
import { Mark, Problem, Title } from './parts.js';
import { tell } from './session.js';
import { healthOf, keyOf, reasonOf, stateOf } from './words.js';

/** The line of each claim by its key; `keys` are those that there are. */
const rows = new Map<string, Signal<ClaimRow>>();
const keys = signal<readonly string[] | undefined>(undefined);
const refused = signal<Refusal | undefined>(undefined);
/** Moves with every change of any claim: what is counted over all of them is counted again. */
const revision = signal(0);
const tally = computed(() => {
  const isCounted = revision.value >= 0;
  const all = isCounted ? [...rows.values()].map((row) => row.peek()) : [];
  const ready = all.filter((row) => healthOf(row) === 'good').length;
  const failing = all.filter((row) => healthOf(row) === 'bad').length;
  return { all: all.length, ready, failing, waiting: all.length - ready - failing };
});

export function ClaimList() {
  const filter = useSignal('');
  useEffect(
    () =>
      listen<ListEvents>('/api/stream', {
        cluster: (state) => (cluster.value = state),
        claims: (claims) => replaceAll(claims),
        changed: ({ rows: changed, gone }) => change(changed, gone),
        refused: (refusal) => tell(refusal, refused),
      }),
    [],
  );
  const { all, ready, failing, waiting } = tally.value;
  return (
    <>
      <div class="page-head">
        <Title tab="Claims">Claims</Title>
        <a class="button primary" href="/new" onClick={follow}>
          New claim
        </a>
      </div>
      {refused.value !== undefined && <Problem refusal={refused.value} />}
      {keys.value === undefined && refused.value === undefined && (
        <p class="quiet-note">Looking…</p>
      )}
      {keys.value?.length === 0 && <NothingYet />}
      {keys.value !== undefined && keys.value.length > 0 && (
        <>
          <div class="list-head">
            <p class="tally" role="status">
              <b>{all}</b> {all === 1 ? 'claim' : 'claims'}, <b>{ready}</b> ready
              {waiting > 0 && (
                <>
                  , <b>{waiting}</b> on the way
                </>
              )}
              {failing > 0 && (
                <>
                  , <b class="bad-text">{failing}</b> failing
                </>
              )}
            </p>
            <input
              type="search"
              aria-label="Show only claims with this in them"
              placeholder="Filter by name, namespace, region, state"
              value={filter.value}
              onInput={(event) => (filter.value = event.currentTarget.value)}
            />
          </div>
          <ul class="claims">
            {keys.value.map((key) => {
              const row = rows.get(key);
              return row === undefined ? null : <Line key={key} row={row} filter={filter} />;
            })}
          </ul>
        </>
      )}
    </>
  );
}

function Line({
  row,
  filter,
}: {
  readonly row: Signal<ClaimRow>;
  readonly filter: Signal<string>;
}) {
  const claim = row.value;
  const reason = reasonOf(claim);
  const state = stateOf(claim);
  const text = `${claim.name} ${claim.namespace} ${claim.environmentSuffix} ${claim.primary} ${claim.secondary} ${state}`;
  const isShown = text.toLowerCase().includes(filter.value.trim().toLowerCase());
  return (
    <li hidden={!isShown}>
      <a href={claimPath(claim)} onClick={follow}>
        <Mark health={healthOf(claim)} />
        <span class="line-name">
          <b>{claim.name}</b>
          <small>{claim.namespace}</small>
        </span>
        <span class="line-environment">{claim.environmentSuffix}</span>
        <span class="line-regions">
          {claim.primary} <span aria-hidden="true">⇄</span>
          <span class="unseen"> and </span> {claim.secondary}
        </span>
        <span class="line-state">
          {state}
          {reason !== '' && <small>{reason}</small>}
        </span>
      </a>
    </li>
  );
}

function NothingYet() {
  return (
    <div class="empty card">
      <h2>No claims yet</h2>
      <p>
        A claim gives you a payments service in two AWS regions that survives the loss of either: a
        global table, a function and an audit bucket in each, and alarms that somebody hears.
      </p>
      <p class="hint">Claims in namespaces that you may not read are not shown.</p>
      <a class="button primary" href="/new" onClick={follow}>
        Make the first one
      </a>
    </div>
  );
}

function replaceAll(claims: readonly ClaimRow[]): void {
  batch(() => {
    const present = new Set(claims.map(keyOf));
    for (const key of rows.keys()) if (!present.has(key)) rows.delete(key);
    for (const claim of claims) store(claim);
    settle();
    keys.value = sortedKeys();
  });
}

function change(changed: readonly ClaimRow[], gone: readonly string[]): void {
  batch(() => {
    const before = rows.size;
    const hasGone = gone.filter((key) => rows.delete(key)).length > 0;
    for (const claim of changed) store(claim);
    settle();
    if (hasGone || rows.size !== before) keys.value = sortedKeys();
  });
}

function settle(): void {
  refused.value = undefined;
  revision.value += 1;
}

function store(claim: ClaimRow): void {
  const row = rows.get(keyOf(claim));
  if (row === undefined) rows.set(keyOf(claim), signal(claim));
  else row.value = claim;
}

function sortedKeys(): string[] {
  const byPlace = (key: string) => key.slice(key.indexOf('/') + 1);
  return [...rows.keys()].sort((one, other) => byPlace(one).localeCompare(byPlace(other)));
}
