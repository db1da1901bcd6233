/** The two regions side by side, each with what the claim has there, and what passes between them. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { awsNames } from '../../model/names.js';
import type {
  AlarmView,
  ClaimView,
  PaymentResult,
  Refusal,
  RegionView,
  ResourceView,
} from '../contract.js';
import type { Site } from '../../model/regions.js';
import { refusalIn, sendPayment } from './api.js';
import { Mark, Problem } from './parts.js';
import { session } from './session.js';
import { healthOf, reasonOf, stateOf, titleOf, type Health } from './words.js';

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
              <Resource
                key={`${resource.kind}/${resource.name}`}
                title={wordsOf(resource.kind)}
                resource={resource}
              />
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
  const copy: Health = isLost ? 'unknown' : 'good';
  const alarmTitles = alarmTitlesOf(claim.environmentSuffix, site);
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
        const alarmOf = ({ name }: ResourceView) => told?.alarms.find((one) => one.name === name);
        const healths = resources.map((resource) => healthWith(resource, alarmOf(resource)));
        return (
          <Purpose key={purpose} title={purpose} healths={isCopy ? [...healths, copy] : healths}>
            <ul class="resources">
              {resources.map((resource) => (
                <Resource
                  key={`${resource.kind}/${resource.name}`}
                  title={alarmTitles.get(resource.name) ?? wordsOf(resource.kind)}
                  resource={resource}
                  alarm={alarmOf(resource)}
                />
              ))}
              {isCopy && (
                <li>
                  <Mark health={copy} />
                  <span class="resource">
                    <span>Table, copy</span>
                    <small class="resource-name">of the one in {claim.primary}</small>
                  </span>
                </li>
              )}
            </ul>
          </Purpose>
        );
      })}
    </section>
  );
}

interface PurposeProps {
  readonly title: string;
  readonly healths: readonly Health[];
  readonly children: ComponentChildren;
}

const WORST_FIRST = ['bad', 'unknown', 'waiting', 'good'] as const satisfies readonly Health[];

/** One line while all of it is well; opened by itself as soon as something is not. */
function Purpose({ title, healths, children }: PurposeProps) {
  const worst = WORST_FIRST.find((health) => healths.includes(health)) ?? 'good';
  const goodCount = healths.filter((health) => health === 'good').length;
  return (
    <details class="purpose" open={worst !== 'good'}>
      <summary>
        <Mark health={worst} />
        <h3>{title}</h3>
        <small>
          {goodCount === healths.length
            ? `${goodCount} ready`
            : `${goodCount} of ${healths.length} ready`}
        </small>
      </summary>
      {children}
    </details>
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

function healthWith(resource: ResourceView, alarm: AlarmView | undefined): Health {
  return alarm?.state === 'ALARM' ? 'bad' : healthOf(resource);
}

interface ResourceProps {
  readonly title: string;
  readonly resource: ResourceView;
  readonly alarm?: AlarmView | undefined;
}

function Resource({ title, resource, alarm }: ResourceProps) {
  const health = healthWith(resource, alarm);
  const reason = reasonOf(resource);
  return (
    <li>
      <Mark health={health} />
      <span class="resource">
        <span>
          {title}
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
  OK: 'OK',
  ALARM: 'in alarm',
  INSUFFICIENT_DATA: 'no data yet',
};

/** What each alarm is on, by its name: `payment-lambda-errors-primary-dev` → `Function errors`. */
function alarmTitlesOf(environmentSuffix: string, site: Site): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(awsNames({ environmentSuffix })).flatMap(([key, name]) =>
      key.endsWith('Alarm') && typeof name === 'object'
        ? [[name[site], titleOf(key.slice(0, -'Alarm'.length))] as const]
        : [],
    ),
  );
}

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
      <button type="button" onClick={pay} aria-busy={isBusy.value}>
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
