/** One claim, live: how it stands, its two regions, what it gives, what happened, and what can be done with it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ClaimEvents, ClaimKey, ClaimView, Output, Refusal, RegionView } from '../contract.js';
import { claimUrl } from './api.js';
import { DeleteClaim } from './delete-claim.js';
import { EventList } from './event-list.js';
import { cluster, listen } from './live.js';
import { claimPath, follow } from './location.js';
import { CopyButton, Pill, Problem, Title } from './parts.js';
import { RegionMap } from './region-map.js';
import { tell } from './session.js';
import { healthOf, stateOf, titleOf } from './words.js';

export function ClaimPage({ claim: key }: { readonly claim: ClaimKey }) {
  const view = useSignal<ClaimView | undefined>(undefined);
  const regions = useSignal<readonly RegionView[]>([]);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const isGone = useSignal(false);
  useEffect(
    () =>
      listen<ClaimEvents>(claimUrl(key, '/stream'), {
        cluster: (state) => (cluster.value = state),
        claim: (claim) => {
          view.value = claim;
          refusal.value = undefined;
          isGone.value = false;
        },
        gone: (why) => {
          refusal.value = why;
          isGone.value = true;
        },
        regions: (latest) => (regions.value = latest),
        refused: (why) => {
          tell(why, refusal);
          if (why.code === 'PDR2002') view.value = undefined; // it is not to be seen any more
        },
      }),
    [],
  );
  const claim = view.value;
  return (
    <>
      <nav aria-label="Where you are">
        <a href="/" onClick={follow}>
          All claims
        </a>
      </nav>
      <div class="page-head">
        <div>
          <Title tab={key.name}>{key.name}</Title>
          <p class="subtitle">
            {key.namespace}
            {claim !== undefined && <> · environment {claim.environmentSuffix}</>}
            {key.form === 'namespaced' && <> · namespaced form</>}
          </p>
        </div>
        {claim !== undefined && !isGone.value && <Actions claim={claim} />}
      </div>
      {isGone.value ? (
        <Gone wasThere={claim !== undefined} refusal={refusal.value} />
      ) : (
        <>
          {refusal.value !== undefined && <Problem refusal={refusal.value} />}
          {claim === undefined && refusal.value === undefined && <p class="quiet-note">Looking…</p>}
          {claim !== undefined && (
            <>
              <Standing claim={claim} />
              <RegionMap claim={claim} regions={regions.value} />
              <EventList claim={claim} />
              <Outputs claim={claim} />
            </>
          )}
        </>
      )}
    </>
  );
}

function Actions({ claim }: { readonly claim: ClaimView }) {
  const isOpen = useSignal(false);
  return (
    <div class="actions">
      {claim.mayChange && !claim.isDeleting && (
        <a class="button" href={`${claimPath(claim)}/edit`} onClick={follow}>
          Edit
        </a>
      )}
      {claim.mayDelete && !claim.isDeleting && (
        <button type="button" class="danger" onClick={() => (isOpen.value = true)}>
          Delete…
        </button>
      )}
      {isOpen.value && <DeleteClaim claim={claim} onClose={() => (isOpen.value = false)} />}
    </div>
  );
}

/** The state in a word, and the first thing that holds it up. */
function Standing({ claim }: { readonly claim: ClaimView }) {
  const { cause, resources, waitsFor, isDeleting } = claim;
  // Crossplane calls it Ready as long as everything was so once.
  const isDegraded = healthOf(claim) === 'good' && cause !== null;
  const readyCount = resources.filter((resource) => healthOf(resource) === 'good').length;
  return (
    <div class="standing" role="status">
      {isDegraded ? (
        <Pill health="bad">Degraded</Pill>
      ) : (
        <Pill health={healthOf(claim)}>{stateOf(claim)}</Pill>
      )}
      {resources.length > 0 && (
        <span class="standing-count">
          {readyCount} of {resources.length} resources ready
        </span>
      )}
      {cause !== null && (
        <p class="standing-reason">
          <b>
            {cause.kind} {cause.name}
          </b>
          : {cause.message === '' ? cause.reason : cause.message}
        </p>
      )}
      {waitsFor.length > 0 && !isDeleting && (
        <details class="standing-reason">
          <summary>What the rest waits for</summary>
          <ul class="losses">
            {waitsFor.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Gone({
  wasThere,
  refusal,
}: {
  readonly wasThere: boolean;
  readonly refusal: Refusal | undefined;
}) {
  if (!wasThere && refusal !== undefined) return <Problem refusal={refusal} />;
  return (
    <div class="empty card" role="status">
      <h2>The claim is deleted</h2>
      <p>What it was made of is being taken down.</p>
      <a class="button" href="/" onClick={follow}>
        All claims
      </a>
    </div>
  );
}

/** What the claim gives: each region's, the table's, and what stands alone. */
function Outputs({ claim }: { readonly claim: ClaimView }) {
  if (claim.outputs.length === 0) return null;
  return (
    <section class="card" aria-labelledby="outputs">
      <h2 id="outputs">Outputs</h2>
      <div class="outputs">
        {GROUPS.map(({ title, names }) => {
          const outputs = claim.outputs.filter(({ name }) => names.test(name));
          if (outputs.length === 0) return null;
          return (
            <div key={title}>
              <h3>{title}</h3>
              <dl>
                {outputs.map(({ name, value }) => (
                  <OutputLine key={name} name={titleOf(name.replace(SITE, ''))} value={value} />
                ))}
              </dl>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function OutputLine({ name, value }: Output) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
        <CopyButton text={() => value} label="Copy" about={`Copy ${name}`} />
      </dd>
    </div>
  );
}

const SITE = /^(primary|secondary)/;
const GROUPS = [
  { title: 'Primary', names: /^primary/ },
  { title: 'Secondary', names: /^secondary/ },
  { title: 'Both', names: /^(?!primary|secondary)/ },
] as const;
