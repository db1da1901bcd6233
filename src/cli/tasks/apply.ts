/** What `payments-dr apply` does. */
import { readManifestFiles } from '../../claims/manifests/manifest-files.js';
import { ClaimWatch } from '../../claims/observation/claim-watch.js';
import { firstCause, type Cause } from '../../claims/observation/cause.js';
import { observeFound } from '../../claims/observation/observe.js';
import { systemClock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import {
  formatKey,
  isConditionTrue,
  keyOf,
  type KubernetesObject,
  type Stored,
} from '../../support/kubernetes/objects.js';
import { silentLog } from '../../support/log.js';
import { withCluster } from '../cluster/connection.js';
import type { ClusterOptions } from '../cluster/options.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult } from '../output/print.js';
import { tableOf } from '../output/table.js';
import { FIELD_MANAGER } from '../platform/field-manager.js';
import { coloursOf } from '../view/colours.js';
import { LiveRegion } from '../view/live-region.js';
import { statusTable } from '../view/status-table.js';
import { checkNamespace, judgeClaims } from './valid-claims.js';

export interface ApplyOptions extends ClusterOptions {
  readonly filename: readonly string[];
  readonly wait?: boolean;
  /** In seconds. */
  readonly timeout: number;
  readonly dryRun?: boolean;
  readonly forceConflicts?: boolean;
  readonly output: OutputForm;
}

interface Outcome {
  readonly object: Stored;
  readonly outcome: 'created' | 'configured' | 'unchanged';
}

export async function apply(options: ApplyOptions): Promise<void> {
  const { filename, wait = false, timeout, dryRun = false, output } = options;
  if (wait && dryRun) {
    throw new PdrError('PDR1006', {
      subject: '--wait --dry-run',
      detail: 'a dry run makes nothing to wait for',
    });
  }
  const manifests = await readManifestFiles(filename);
  const claims = await judgeClaims(manifests, filename, ({ kind }) => kind !== 'Namespace');
  checkNamespace(claims, options.namespace);
  const namespaces = manifests
    .flatMap(({ objects }) => objects.map(({ value }) => value as KubernetesObject))
    .filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Namespace');
  await withCluster(options, async ({ client, namespace }) => {
    const outcomes: Outcome[] = [];
    for (const object of namespaces) {
      const outcome = await applyOne(client, object, options).catch(leftAsItIs(object));
      if (outcome !== undefined) outcomes.push(outcome);
    }
    for (const { object } of claims) {
      outcomes.push(await applyOne(client, withNamespace(object, namespace), options));
    }
    const results = outcomes.map(({ object: { apiVersion, kind, metadata }, outcome }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace,
      outcome,
      dryRun,
    }));
    if (!wait) {
      printOutcomes(output, results);
      return;
    }
    const applied = outcomes.filter(({ object }) => object.kind !== 'Namespace');
    for (const { object } of applied) await untilReady(client, object, timeout * 1000);
    printOutcomes(
      output,
      results.map((result) => ({ ...result, ready: result.kind !== 'Namespace' })),
    );
  });
}

function printOutcomes(
  output: OutputForm,
  results: readonly {
    kind: string;
    name: string;
    namespace: string | undefined;
    outcome: string;
    dryRun: boolean;
    ready?: boolean;
  }[],
): void {
  printResult(output, { applied: results }, (isWide) =>
    isWide
      ? tableOf(
          ['KIND', 'NAMESPACE', 'NAME', 'OUTCOME'],
          results.map(({ kind, namespace = '', name, outcome }) => [
            kind,
            namespace,
            name,
            outcome,
          ]),
        )
      : results
          .map(({ kind, namespace, name, outcome, dryRun, ready = false }) =>
            [
              `${kind} ${[namespace, name].filter(Boolean).join('/')} ${outcome}`,
              ...(dryRun ? ['(dry run)'] : []),
              ...(ready ? ['and Ready'] : []),
            ].join(' '),
          )
          .join('\n'),
  );
}

async function applyOne(
  client: KubernetesClient,
  object: KubernetesObject,
  options: ApplyOptions,
): Promise<Outcome> {
  const { dryRun = false, forceConflicts = false } = options;
  const type = await client.resourceType(object.apiVersion, object.kind);
  const before = await client.read(type, keyOf(object));
  try {
    const after = await client.apply(type, object, {
      fieldManager: FIELD_MANAGER,
      force: forceConflicts,
      dryRun,
    });
    return { object: after, outcome: outcomeOf(before, after, dryRun) };
  } catch (error) {
    throw refusal(error, object);
  }
}

/** A team that has its claims in a namespace need not have rights on the namespace; whether it is there, the claim is told. */
function leftAsItIs({ metadata }: KubernetesObject) {
  return (error: unknown): undefined => {
    if (!isApiError(error, 'Forbidden')) throw error;
    note(`Namespace ${metadata.name ?? ''} is left as it is: you may not change it`);
  };
}

function outcomeOf(
  before: Stored | undefined,
  after: Stored,
  isDryRun: boolean,
): Outcome['outcome'] {
  if (before === undefined) return 'created';
  const { generation, resourceVersion } = before.metadata;
  const isSame = isDryRun
    ? after.metadata.generation === generation
    : after.metadata.resourceVersion === resourceVersion;
  return isSame ? 'unchanged' : 'configured';
}

/** What the API server refuses of an object, with its name and what to do. */
export function refusal(error: unknown, object: KubernetesObject): unknown {
  const subject = `${object.kind} ${formatKey(keyOf(object))}`;
  if (isApiError(error, 'Conflict'))
    return new PdrError('PDR1025', { subject, detail: error.message });
  if (isApiError(error, 'Invalid')) {
    const causes = error.causes.map(({ field = '', message = '' }) => `\n    ${field}: ${message}`);
    return new PdrError('PDR1019', { subject, detail: causes.join('') || error.message });
  }
  // The schema of an older definition does not know a field of ours.
  if (isApiError(error) && /field not declared in schema|unknown field/.test(error.message)) {
    return new PdrError('PDR1026', { subject, detail: error.message });
  }
  if (isApiError(error, 'NotFound') && error.message.startsWith('namespaces ')) {
    const { namespace = 'default' } = object.metadata;
    return new PdrError('PDR1027', { subject: `namespace ${namespace}` });
  }
  return error;
}

export function withNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  return {
    ...object,
    metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
  };
}

/** On a terminal the tree, drawn in place; elsewhere a line as each resource becomes ready. Both on stderr. */
async function untilReady(
  client: KubernetesClient,
  claim: Stored,
  patienceMs: number,
): Promise<void> {
  const subject = formatKey(keyOf(claim));
  const watch = await ClaimWatch.start({ client, claim, clock: systemClock, log: silentLog });
  const live = new LiveRegion(process.stderr);
  const told = new Set<string>();
  const patience = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      let wasSeen = false;
      const look = () => {
        const { observed } = watch;
        if (observed === undefined) {
          if (wasSeen) reject(new PdrError('PDR1018', { subject }));
          return;
        }
        wasSeen = true;
        if (process.stderr.isTTY) {
          const colour = coloursOf(process.stderr);
          const { screen } = live;
          const look = { colour, nowMs: systemClock.now(), isWide: false, screen };
          live.draw(statusTable({ observed, waiting: [] }, look).split('\n'));
        } else {
          for (const { kind, metadata } of observed.resources.filter((one) =>
            isConditionTrue(one, 'Ready'),
          )) {
            const line = `${kind} ${metadata.name ?? ''} is ready`;
            if (!told.has(line)) note(line);
            told.add(line);
          }
        }
        if (isCurrent(observed.claim)) resolve();
      };
      watch.onChange(look);
      void systemClock.sleep(patienceMs, patience.signal).then(async () => {
        if (patience.signal.aborted) return;
        const cause = await causeOf(client, watch);
        const detail = `waited ${patienceMs / 1000} s${cause === undefined ? '' : `; ${cause.kind} ${cause.name}: ${cause.message || cause.reason}`}`;
        reject(new PdrError('PDR1017', { subject, detail }));
      });
    });
  } finally {
    patience.abort();
    live.end();
    await watch.stop();
  }
}

/** Read anew: what another claim has is not among what the watch follows. */
async function causeOf(client: KubernetesClient, watch: ClaimWatch): Promise<Cause | undefined> {
  const seen = watch.observed;
  if (seen === undefined) return undefined;
  return firstCause(await observeFound(client, seen).catch(() => seen), []);
}

/** Ready, and of what was applied: a condition of an earlier generation says nothing of this one. */
function isCurrent(claim: KubernetesObject): boolean {
  return ['Synced', 'Ready'].every((type) => {
    if (!isConditionTrue(claim, type)) return false;
    const conditions = (
      claim.status as { conditions: { type: string; observedGeneration?: number }[] }
    ).conditions;
    const seen = conditions.find((condition) => condition.type === type)?.observedGeneration;
    return seen === undefined || seen >= (claim.metadata.generation ?? 0);
  });
}
