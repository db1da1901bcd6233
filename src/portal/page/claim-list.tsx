/** The list of claims, live. Each line follows its own claim, so that a change redraws one line of a thousand. */
import { batch, computed, signal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { FORMS } from '../../model/managed/kind.js';
import type { ClaimRow, ListEvents, Refusal } from '../contract.js';
import { cluster, listen } from './live.js';
import { claimPath, follow } from './location.js';
import { Mark, NotServed, Problem, Title } from './parts.js';
import { tell } from './session.js';
import { healthOf, keyOf, reasonOf, stateOf, type Health } from './words.js';

/** The line of each claim by its key; `keys` are those that there are. */
const rows = new Map<string, Signal<ClaimRow>>();
const keys = signal<readonly string[] | undefined>(undefined);
const refused = signal<Refusal | undefined>(undefined);
/** Moves with every change of any claim: what is counted over all of them is counted again. */
const revision = signal(0);
const text = signal('');
const group = signal<Group>('all');
/** So many lines are drawn at once; the others follow, a frame later each time, so that no click has to wait. */
const AT_ONCE = 60;
const drawn = signal(AT_ONCE);

function narrow(next: { readonly text?: string; readonly group?: Group }): void {
  batch(() => {
    text.value = next.text ?? text.value;
    group.value = next.group ?? group.value;
    drawn.value = AT_ONCE;
  });
}

const GROUPS = [
  { group: 'all', title: 'All', healths: ['good', 'waiting', 'bad', 'unknown'] },
  { group: 'ready', title: 'Ready', healths: ['good'] },
  { group: 'waiting', title: 'On the way', healths: ['waiting', 'unknown'] },
  { group: 'failing', title: 'Failing', healths: ['bad'] },
] as const satisfies readonly {
  readonly group: string;
  readonly title: string;
  readonly healths: readonly Health[];
}[];
type Group = (typeof GROUPS)[number]['group'];

const tally = computed(() => {
  const counts = new Map<Health, number>();
  if (revision.value < 0) return counts;
  for (const row of rows.values()) {
    const health = healthOf(row.peek());
    counts.set(health, (counts.get(health) ?? 0) + 1);
  }
  return counts;
});

/** The same array while the same lines match, so that nothing is drawn for a change of another one. */
let lastMatching: readonly string[] = [];
const matching = computed(() => {
  const all = keys.value ?? [];
  const wanted = text.value.trim().toLowerCase();
  if (wanted === '' && group.value === 'all') return (lastMatching = all);
  const found = revision.value < 0 ? [] : all.filter((key) => isWanted(key, wanted));
  const isSame =
    found.length === lastMatching.length && found.every((key, at) => key === lastMatching[at]);
  return isSame ? lastMatching : (lastMatching = found);
});

function isWanted(key: string, wanted: string): boolean {
  const claim = rows.get(key)?.peek();
  if (claim === undefined || !healthsOf(group.value).includes(healthOf(claim))) return false;
  const { name, namespace, environmentSuffix, primary, secondary } = claim;
  const words = [name, namespace, environmentSuffix, primary, secondary];
  return [...words, stateOf(claim), reasonOf(claim)].join(' ').toLowerCase().includes(wanted);
}

function healthsOf(wanted: Group): readonly Health[] {
  return GROUPS.find((one) => one.group === wanted)?.healths ?? [];
}

export function ClaimList() {
  useEffect(() => {
    narrow({});
    return listen<ListEvents>('/api/stream', {
      cluster: (state) => (cluster.value = state),
      claims: (claims) => replaceAll(claims),
      changed: ({ rows: changed, gone }) => change(changed, gone),
      refused: (refusal) => tell(refusal, refused),
    });
  }, []);
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
      {keys.value?.length === 0 &&
        (cluster.value.missing.length === FORMS.length ? <NotServed /> : <NothingYet />)}
      {keys.value !== undefined && keys.value.length > 0 && (
        <>
          <div class="list-head">
            <Tally />
            <input
              type="search"
              aria-label="Show only claims with this in them"
              placeholder="Filter by name, namespace, region, state"
              value={text.value}
              onInput={(event) => narrow({ text: event.currentTarget.value })}
            />
          </div>
          <Lines />
        </>
      )}
    </>
  );
}

/** How many there are of each state; pressed, only those are shown. */
function Tally() {
  const count = (healths: readonly Health[]) =>
    healths.reduce((sum, health) => sum + (tally.value.get(health) ?? 0), 0);
  return (
    <div class="tally" role="group" aria-label="Show claims that are">
      {GROUPS.map(({ group: one, title, healths }) => (
        <button
          key={one}
          type="button"
          class={`quiet ${one}`}
          aria-pressed={group.value === one}
          onClick={() => narrow({ group: one })}
        >
          {title}{' '}
          <b class={one === 'failing' && count(healths) > 0 ? 'bad-text' : ''}>
            {count(healths).toLocaleString('en')}
          </b>
        </button>
      ))}
    </div>
  );
}

function Lines() {
  const found = matching.value;
  const isAll = drawn.value >= found.length;
  useEffect(() => {
    if (isAll) return;
    const next = requestAnimationFrame(() => (drawn.value += AT_ONCE));
    return () => cancelAnimationFrame(next);
  }, [drawn.value, isAll]);
  if (found.length === 0) {
    return (
      <div class="empty card" role="status">
        <p>None of the {keys.value?.length ?? 0} claims is like that.</p>
        <button type="button" onClick={() => narrow({ text: '', group: 'all' })}>
          Show all
        </button>
      </div>
    );
  }
  return (
    <ul class="claims" aria-busy={!isAll}>
      {found.slice(0, drawn.value).map((key) => {
        const row = rows.get(key);
        return row === undefined ? null : <Line key={key} row={row} />;
      })}
    </ul>
  );
}

function Line({ row }: { readonly row: Signal<ClaimRow> }) {
  const claim = row.value;
  const reason = reasonOf(claim);
  return (
    <li>
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
          {stateOf(claim)}
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
