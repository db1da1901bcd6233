/**
 * Composes: runs the pipeline, then makes the cluster what it wants, in an order that loses nothing when it is cut short.
 *
 * Resources of dropped templates go first, then the references are written, then the resources, then the status: whatever
 * exists is referred to at any moment.
 */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { canonicalJson, holds, isRecord } from '../comparison.js';
import type { Scope } from '../definitions/definition.js';
import { applyAll, type AppliedMemory } from '../composed/apply.js';
import { collectGarbage } from '../composed/collect-garbage.js';
import { asResource, observe } from '../composed/observe.js';
import { prepare, type Application } from '../composed/prepare.js';
import type { ComposedWatches } from '../composed/watches.js';
import type { CompositionRevision } from '../compositions/composition.js';
import type { EngineContext } from '../engine-context.js';
import type { FunctionCondition, RunFunction } from '../functions/protocol.js';
import { FIELD_MANAGER_COMPOSITE } from '../names.js';
import {
  identityOf,
  machineryOf,
  machinerySpec,
  type Composite,
  type ResourceRef,
} from './composite.js';
import { explained } from './phase.js';
import { reportResults } from './report-results.js';
import { runPipeline, type PipelineOutcome } from './run-pipeline.js';
import type { ResourceType } from '../../../support/kubernetes/client.js';

export interface Composer {
  readonly context: EngineContext;
  readonly type: ResourceType;
  readonly scope: Scope;
  readonly watches: ComposedWatches;
  readonly findFunction: (name: string) => RunFunction;
  /**
   * Called with every state that the functions have seen, and with the writes that are nothing to them. Of a resource
   * that is made or changed here they have yet to see the outcome: its change is news, and makes the next pass.
   */
  readonly saw: (object: Stored) => void;
  readonly memory: AppliedMemory;
}

export interface Composed {
  readonly composite: Stored<Composite>;
  /** Templates whose resources the API server refused. */
  readonly unsynced: readonly string[];
  readonly unready: readonly string[];
  /** What the pipeline itself said of the composite, if it did. */
  readonly readiness: boolean | undefined;
  readonly conditions: readonly FunctionCondition[];
  readonly connectionDetails: Readonly<Record<string, string>>;
  readonly ttlSeconds: number | undefined;
  /** The composite's own status has changed, which the functions have not seen yet. */
  readonly hasNewStatus: boolean;
}

const REASON = 'ComposeResources';

export async function compose(
  composite: Stored<Composite>,
  revision: Stored<CompositionRevision>,
  ownConnectionDetails: Readonly<Record<string, string>> | undefined,
  composer: Composer,
): Promise<Composed> {
  const { context, scope, watches, saw } = composer;
  const machinery = machineryOf(composite, scope);
  const refs = machinery.resourceRefs ?? [];
  const observed = await explained(
    'cannot get existing composed resources',
    observe(composite, refs, watches, context.client),
  );
  for (const { object } of observed.values()) saw(object);

  const outcome = await runPipeline({
    steps: revision.spec.pipeline,
    observed: {
      composite: {
        resource: withoutManagedFields(composite),
        connectionDetails: ownConnectionDetails ?? {},
      },
      resources: Object.fromEntries(
        [...observed].map(([template, resource]) => [template, asResource(resource)]),
      ),
    },
    findFunction: composer.findFunction,
    client: context.client,
  });
  const applications = await prepare(outcome.desired.resources, observed, composite, context);
  const wanted = new Set(applications.map(({ template }) => template));
  const unwanted = [...observed].filter(([template]) => !wanted.has(template));
  await explained(
    'cannot garbage collect composed resources that are no longer desired',
    collectGarbage(
      unwanted.map(([, { object }]) => object),
      context.client,
    ),
  );
  let current = await refer(composite, applications, composer);
  const applied = await applyAll(applications, composite, composer.memory, {
    client: context.client,
    watches,
  });
  for (const each of applied) {
    if ('refusal' in each) context.events.warning(composite, REASON, each.refusal);
  }
  const before = current;
  current = await explained(
    'cannot apply composite resource status',
    applyStatus(current, outcome, composer),
  );
  await reportResults(composite, outcome.results, context);
  return {
    ...report(current, outcome, applied, composer),
    hasNewStatus: !sameStatus(before, current),
  };
}

function report(
  composite: Stored<Composite>,
  { desired, conditions, ttlSeconds }: PipelineOutcome,
  applied: Awaited<ReturnType<typeof applyAll>>,
  { context }: Composer,
): Omit<Composed, 'hasNewStatus'> {
  const unsynced = applied.filter((each) => 'refusal' in each).map(({ template }) => template);
  for (const template of unsynced) {
    const words = `Composed resource "${template}" is not yet valid`;
    context.events.normal(composite, REASON, words);
  }
  const unready = Object.entries(desired.resources)
    .filter(([, { ready }]) => ready !== 'READY_TRUE')
    .map(([template]) => template);
  for (const template of unready) {
    const words = `Composed resource "${template}" is not yet ready`;
    context.events.normal(composite, REASON, words);
  }
  const said = desired.composite?.ready ?? 'READY_UNSPECIFIED';
  return {
    composite,
    unsynced,
    unready,
    readiness: said === 'READY_UNSPECIFIED' ? undefined : said === 'READY_TRUE',
    conditions,
    connectionDetails: desired.composite?.connectionDetails ?? {},
    ttlSeconds,
  };
}

/** Writes the references to all that will be applied, sorted so that they do not depend on the pipeline's order. */
async function refer(
  composite: Stored<Composite>,
  applications: readonly Application[],
  { context, type, scope, saw }: Composer,
): Promise<Stored<Composite>> {
  const resourceRefs = applications
    .map(({ rendered: { apiVersion, kind, metadata } }): ResourceRef => {
      const { name, namespace } = metadata;
      const isElsewhere = scope !== 'Namespaced' && namespace !== undefined;
      return { apiVersion, kind, name, ...(isElsewhere ? { namespace } : {}) };
    })
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const before = machineryOf(composite, scope).resourceRefs;
  if (before !== undefined && canonicalJson(before) === canonicalJson(resourceRefs)) {
    return composite;
  }
  const written = await explained(
    'cannot update composed resource references',
    context.client.apply<Composite>(
      type,
      { ...identityOf(composite), spec: machinerySpec(scope, { resourceRefs }) },
      { fieldManager: FIELD_MANAGER_COMPOSITE, force: true },
    ),
  );
  saw(written);
  return written;
}

function sortKey({ apiVersion, kind, name, namespace = '' }: ResourceRef): string {
  return [apiVersion, kind, name, namespace].join('');
}

/** Of what the pipeline wants of the composite itself, only the status is ours to write; conditions come later. */
async function applyStatus(
  composite: Stored<Composite>,
  { desired }: PipelineOutcome,
  { context, type, saw, memory }: Composer,
): Promise<Stored<Composite>> {
  const said = desired.composite?.resource.status;
  const { conditions: _, ...status } = isRecord(said) ? said : {};
  const intent = canonicalJson(status);
  const before = memory.get(composite.metadata.uid) ?? (ownsStatus(composite) ? undefined : '{}');
  if (before === intent && holds(composite.status ?? {}, status)) return composite;
  const written = await context.client.apply<Composite>(
    type,
    { ...identityOf(composite), status },
    { fieldManager: FIELD_MANAGER_COMPOSITE, force: true, subresource: 'status' },
  );
  memory.set(composite.metadata.uid, intent);
  saw(written);
  return written;
}

function sameStatus({ status: a = {} }: Composite, { status: b = {} }: Composite): boolean {
  const { conditions: _, ...before } = a;
  const { conditions: __, ...after } = b;
  return canonicalJson(before) === canonicalJson(after);
}

function ownsStatus({ metadata }: Stored): boolean {
  return (metadata.managedFields ?? []).some(
    (entry) =>
      isRecord(entry) &&
      entry.manager === FIELD_MANAGER_COMPOSITE &&
      entry.subresource === 'status',
  );
}

function withoutManagedFields(composite: Stored<Composite>): Record<string, unknown> {
  const { managedFields: _, ...metadata } = composite.metadata;
  return { ...composite, metadata };
}
