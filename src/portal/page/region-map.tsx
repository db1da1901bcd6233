/** The two regions side by side, each with what the claim has there, and what passes between them. */
import { useSignal } from '@preact/signals';
import type { ClaimView, PaymentResult, Refusal, RegionView, ResourceView } from '../contract.js';
import type { Site } from '../../model/regions.js';
import { refusalIn, sendPayment } from './api.js';
import { Mark, Problem } from './parts.js';
import { session } from './session.js';
import { healthOf, reasonOf, stateOf, type Health } from './words.js';

/** What a resource is there for, by the beginning of its kind, in the order in which a payment meets them; the last takes what is left. */
const PURPOSES = [
  { purpose: 'Payments', kinds: /^Function/ },
  { purpose: 'Records', kinds: /^Table/ },
  { purpose: 'Audit trail', kinds: /^Bucket/ },
  { purpose: 'Alarms', kinds: /^(MetricAlarm|CompositeAlarm|Topic)/ },
  { purpose: 'Others', kinds: /^/ },
] as const;

function purposeOf(kind: string): string | undefined {
  return PURPOSES.find(({ kinds }) => kinds.test(kind))?.purpose;
}

interface RegionMapProps {
  readonly claim: ClaimView;
  readonly regions: readonly RegionView[];
}

export function RegionMap({ claim, regions }: RegionMapProps) {
  const isTold = session.value?.aws.metrics === true;
  const lag = regions.find(({ site }) => site === 'primary')?.replicationLagMs;
  const lagBack = regions.find(({ site }) => site === 'secondary')?.replicationLagMs;
  const global = claim.resources.filter(
    ({ region }) => region !== claim.primary && region !== claim.secondary,
  );
  return (
    <section aria-label="The regions">
      <div class="regions">
        <Region
          claim={claim}
          site="primary"
          told={regions.find(({ site }) => site === 'primary')}
        />
        <div class="between">
          <span class="between-line" aria-hidden="true" />
          <p>
            <span class="between-title">Replication</span>
            {isTold ? (
              <>
                <Lag from={claim.primary} lagMs={lag} arrow="→" />
                <Lag from={claim.secondary} lagMs={lagBack} arrow="←" />
              </>
            ) : (
              <small>Its lag is not shown: this portal has no read access to CloudWatch.</small>
            )}
          </p>
          <span class="between-line" aria-hidden="true" />
        </div>
        <Region
          claim={claim}
          site="secondary"
          told={regions.find(({ site }) => site === 'secondary')}
        />
      </div>
      {claim.hiddenKinds.length > 0 && (
        <p class="note">
          Not shown, since you may not read them: {claim.hiddenKinds.join(', ')}. The platform team
          can bind the role payments-dr-resources to you.
        </p>
      )}
      {global.length > 0 && (
        <div class="card global">
          <h2>In both regions</h2>
          <ul class="resources">
            {global.map((resource) => (
              <Resource key={`${resource.kind}/${resource.name}`} resource={resource} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Lag({
  from,
  lagMs,
  arrow,
}: {
  readonly from: string;
  readonly lagMs: number | null | undefined;
  readonly arrow: string;
}) {
  return (
    <span class="lag" title={`Writes of ${from}, of the last 15 minutes`}>
      <span aria-hidden="true">{arrow}</span>
      <span class="unseen">from {from}: </span>{' '}
      {typeof lagMs === 'number' ? `${lagMs} ms` : 'no writes lately'}
    </span>
  );
}

interface RegionProps {
  readonly claim: ClaimView;
  readonly site: Site;
  readonly told: RegionView | undefined;
}

function Region({ claim, site, told }: RegionProps) {
  const region = claim[site];
  const here = claim.resources.filter((resource) => resource.region === region);
  const hasCopy =
    site === 'secondary' && claim.outputs.some(({ name }) => name === 'secondaryTableArn');
  const isLost = told !== undefined && told.trouble !== '';
  return (
    <section class={`card region ${isLost ? 'lost' : ''}`} aria-labelledby={`region-${site}`}>
      <div class="region-head">
        <div>
          <h2 id={`region-${site}`}>{region}</h2>
          <small>{site}</small>
        </div>
        <RegionState told={told} />
      </div>
      {isLost && (
        <p class="region-trouble" role="alert">
          CloudWatch in {region} {told.trouble}
        </p>
      )}
      <Pay claim={claim} site={site} />
      {PURPOSES.map(({ purpose }) => {
        const resources = here
          .filter(({ kind }) => purposeOf(kind) === purpose)
          .toSorted((one, other) => (one.kind < other.kind ? -1 : 1));
        const isCopy = purpose === 'Records' && hasCopy;
        if (resources.length === 0 && !isCopy) return null;
        return (
          <div key={purpose} class="purpose">
            <h3>{purpose}</h3>
            <ul class="resources">
              {resources.map((resource) => (
                <Resource
                  key={`${resource.kind}/${resource.name}`}
                  resource={resource}
                  alarm={told?.alarms.find(({ name }) => name === resource.name)}
                />
              ))}
              {isCopy && (
                <li>
                  <Mark health={isLost ? 'unknown' : 'good'} />
                  <span class="resource">
                    <span>Table, copy</span>
                    <small class="resource-name">of the one in {claim.primary}</small>
                  </span>
                </li>
              )}
            </ul>
          </div>
        );
      })}
    </section>
  );
}

function RegionState({ told }: { readonly told: RegionView | undefined }) {
  if (told === undefined) return null;
  const alarming = told.alarms.filter(({ state }) => state === 'ALARM').length;
  if (told.trouble !== '') return <span class="region-state bad">Lost</span>;
  if (alarming > 0) {
    return (
      <span class="region-state bad">
        {alarming} {alarming === 1 ? 'alarm' : 'alarms'}
      </span>
    );
  }
  return <span class="region-state good">Answers</span>;
}

interface ResourceProps {
  readonly resource: ResourceView;
  readonly alarm?: RegionView['alarms'][number] | undefined;
}

function Resource({ resource, alarm }: ResourceProps) {
  const health: Health = alarm?.state === 'ALARM' ? 'bad' : healthOf(resource);
  const reason = reasonOf(resource);
  return (
    <li>
      <Mark health={health} />
      <span class="resource">
        <span>
          {wordsOf(resource.kind)}
          {alarm !== undefined && (
            <small class={alarm.state === 'ALARM' ? 'bad-text' : ''}>
              {' '}
              {ALARM_STATES[alarm.state] ?? alarm.state}
            </small>
          )}
          <span class="unseen">, {stateOf(resource)}</span>
        </span>
        <small class="resource-name">{resource.name}</small>
        {health !== 'good' && (
          <small class="resource-reason">
            {alarm?.state === 'ALARM' ? alarm.reason : reason === '' ? stateOf(resource) : reason}
          </small>
        )}
      </span>
    </li>
  );
}

const ALARM_STATES: Readonly<Record<string, string>> = {
  OK: 'quiet',
  ALARM: 'goes off',
  INSUFFICIENT_DATA: 'no data yet',
};

/** `BucketPublicAccessBlock` → `Public access block`: whose it is, the name beside it says. */
function wordsOf(kind: string): string {
  const words = kind
    .replace(/^(Bucket|Topic)(?=[A-Z])/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A payment through this region's function: what an on-call engineer wants to know first. */
function Pay({ claim, site }: { readonly claim: ClaimView; readonly site: Site }) {
  const isBusy = useSignal(false);
  const result = useSignal<PaymentResult | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  if (session.value?.aws.payments !== true) {
    return <p class="note">Test payments are off in this portal.</p>;
  }
  if (!claim.mayChange || claim.isDeleting) return null;
  const pay = () => {
    if (isBusy.value) return;
    isBusy.value = true;
    refusal.value = undefined;
    result.value = undefined;
    sendPayment(claim, site)
      .then((paid) => (result.value = paid))
      .catch((error: unknown) => (refusal.value = refusalIn(error)))
      .finally(() => (isBusy.value = false));
  };
  return (
    <div class="pay">
      <button type="button" onClick={pay} disabled={isBusy.value}>
        {isBusy.value ? 'Paying…' : 'Send a test payment'}
        <span class="unseen"> through {claim[site]}</span>
      </button>
      <div role="status">
        {result.value !== undefined && (
          <p class="paid">
            <Mark health="good" />
            <span>
              {result.value.answer} by {result.value.region} in {result.value.tookMs} ms
              <small>1.00 USD, kept as {result.value.transactionId}</small>
            </span>
          </p>
        )}
      </div>
      {refusal.value !== undefined && <Problem refusal={refusal.value} />}
    </div>
  );
}
