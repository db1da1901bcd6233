/**
 * Reconciles the composite resources of one definition: select a Composition, adopt, compose, publish.
 *
 * One pass does all of it; its own writes make no second one (`change-ledger.ts`). A pass that fails leaves Ready as it
 * was, says why in Synced, and is tried again with growing pauses, or as soon as something it depends on changes.
 */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { ResourceType } from '../../../support/kubernetes/client.js';
import {
  again,
  Controller,
  settled,
  type Outcome,
} from '../../../support/kubernetes/controller.js';
import { Informer } from '../../../support/kubernetes/informer.js';
import {
  conditionOf,
  formatKey,
  keyOf,
  parseKey,
  type Stored,
} from '../../../support/kubernetes/objects.js';
import { requestedPollIntervalMs } from '../../../support/kubernetes/reconcile-annotations.js';
import { toKubernetesTime } from '../../../support/clock.js';
import type { AppliedMemory } from '../composed/apply.js';
import type { ComposedWatches } from '../composed/watches.js';
import type { Composition, CompositionRevision } from '../compositions/composition.js';
import { deleting, notReconciled, paused, reconciled, responsive } from '../conditions.js';
import { publishConnectionSecret, readSecret } from '../connection-secret.js';
import { compositeType, type Definition, type Scope } from '../definitions/definition.js';
import type { EngineContext } from '../engine-context.js';
import type { FunctionCondition, RunFunction } from '../functions/protocol.js';
import {
  ANNOTATION_PAUSED,
  FIELD_MANAGER,
  FINALIZER_COMPOSITE,
  LABEL_COMPOSITION_NAME,
} from '../names.js';
import { adoption } from './adopt.js';
import { ChangeLedger } from './change-ledger.js';
import { compose, type Composed } from './compose.js';
import { machineryOf, type Composite } from './composite.js';
import { acknowledgeRequest, handledRequest } from './handled-request.js';
import { ComposeError, composing, explained, inPhase, PhaseError } from './phase.js';
import {
  claimConditionTypes,
  conditionsAfterFailure,
  outcomeConditions,
  publishStatus,
} from './publish-status.js';
import { refuseCycle } from './refuse-cycle.js';
import { reportResults } from './report-results.js';
import { reportSelection } from './report-selection.js';
import { selectComposition } from './select-composition.js';

/** Changes of many resources that come about at once make one pass. */
const GATHER_MS = 30;
/** The pause after somebody else wrote in between. */
const CONFLICT_RETRY_MS = 10;
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
/** Crossplane's `--min-poll-interval`. */
const MIN_POLL_MS = 1000;
const CONCURRENCY = 16;

export interface CompositeSources {
  readonly context: EngineContext;
  readonly compositions: Informer<Composition>;
  readonly revisions: Informer<CompositionRevision>;
  readonly watches: ComposedWatches;
  /** Throws where no function of this name can be called. */
  readonly findFunction: (name: string) => RunFunction;
  /** Told once for each pass that gets as far as running a pipeline, with the composite's key. */
  readonly onPass: (key: string) => void;
}

export class CompositeReconciler {
  readonly type: ResourceType;
  readonly informer: Informer<Composite>;
  readonly #scope: Scope;
  readonly #ledger: ChangeLedger;
  readonly #memory: AppliedMemory = new Map();
  readonly #controller: Controller;

  constructor(
    private definition: Stored<Definition>,
    private readonly sources: CompositeSources,
  ) {
    const { client, clock, log } = sources.context;
    this.type = compositeType(definition);
    this.#scope = definition.spec.scope;
    this.#ledger = new ChangeLedger(clock, this.type);
    this.informer = new Informer<Composite>(client, this.type, { clock, log });
    this.#controller = new Controller({
      name: definition.metadata.name,
      reconcile: (key) => this.#reconcile(key),
      clock,
      log,
      concurrency: CONCURRENCY,
      minBackoffMs: MIN_RETRY_MS,
      maxBackoffMs: MAX_RETRY_MS,
    });
  }

  start(): this {
    this.informer.onChange(({ type, object }) => {
      const key = formatKey(keyOf(object));
      if (type === 'deleted') this.#ledger.force(key);
      else this.#ledger.notice(key, object);
      this.#controller.enqueue(key);
    });
    this.informer.start();
    return this;
  }

  /** A composed resource of this composite has changed. */
  noticeComposed(key: string, object: Stored, isGone: boolean): void {
    if (isGone) this.#ledger.force(key);
    else this.#ledger.notice(key, object);
    this.#controller.enqueueAfter(key, GATHER_MS);
  }

  /** There is a new latest revision: those that follow it, or have none yet, get a pass. */
  noticeRevision(revision: Stored<CompositionRevision>): void {
    const composition = revision.metadata.labels?.[LABEL_COMPOSITION_NAME];
    this.#force((composite, key) => {
      const { compositionRef, compositionRevisionRef, compositionUpdatePolicy } = machineryOf(
        composite,
        this.#scope,
      );
      if (this.#ledger.isFailing(key) || compositionRevisionRef === undefined) return true;
      return compositionUpdatePolicy !== 'Manual' && compositionRef?.name === composition;
    });
  }

  /** Something that passes may have failed for has changed. */
  retryFailing(): void {
    this.#force((_, key) => this.#ledger.isFailing(key));
  }

  update(definition: Stored<Definition>): void {
    const before = this.definition.metadata.generation;
    this.definition = definition;
    if (before !== definition.metadata.generation) this.#force(() => true);
  }

  async stop(): Promise<void> {
    await this.informer.stop();
    await this.#controller.stop();
  }

  #force(applies: (composite: Stored<Composite>, key: string) => boolean): void {
    for (const composite of this.informer.list()) {
      const key = formatKey(keyOf(composite));
      if (!applies(composite, key)) continue;
      this.#ledger.force(key);
      this.#controller.enqueue(key);
    }
  }

  async #reconcile(key: string): Promise<Outcome> {
    if (!this.#ledger.hasNews(key)) {
      const afterMs = this.#ledger.dueInMs(key);
      return afterMs === undefined ? settled : again(afterMs, 'a pass is expected later');
    }
    this.#ledger.begin(key);
    try {
      const composite = await this.#read(key);
      if (composite === undefined) {
        this.#ledger.forget(key);
        return settled;
      }
      return await this.#pass(key, composite);
    } catch (error) {
      if (isApiError(error, 'Conflict', 'NotFound')) {
        this.#ledger.force(key);
        return again(CONFLICT_RETRY_MS, 'somebody else wrote');
      }
      return this.#fail(key, error);
    }
  }

  async #read(key: string): Promise<Stored<Composite> | undefined> {
    const { client } = this.sources.context;
    const composite = await client.read<Composite>(this.type, parseKey(key));
    if (composite !== undefined) this.#ledger.saw(key, composite);
    return composite;
  }

  async #pass(key: string, stored: Stored<Composite>): Promise<Outcome> {
    const saw = <T extends Stored>(object: T): T => {
      this.#ledger.saw(key, object);
      return object;
    };
    const { context, watches, findFunction } = this.sources;
    if (stored.metadata.annotations?.[ANNOTATION_PAUSED] === 'true') {
      const words = 'Reconciliation is paused via the pause annotation';
      context.events.normal(stored, 'ReconciliationPaused', words);
      saw(await publishStatus(stored, [responsive, paused], {}, { context, type: this.type }));
      return settled;
    }
    acknowledgeRequest(stored, context);
    if (stored.metadata.deletionTimestamp !== undefined) {
      await this.#release(stored);
      return settled;
    }
    const { revision, composite } = await this.#adopt(stored, saw);
    this.sources.onPass(`${this.type.kind}.${this.definition.spec.group}/${key}`);
    const composed = await composing(async () => {
      const composition = machineryOf(composite, this.#scope).compositionRef?.name ?? '';
      await refuseCycle(composite, composition, context.client);
      return compose(composite, revision, await this.#connectionDetails(composite), {
        context,
        type: this.type,
        scope: this.#scope,
        watches,
        findFunction,
        saw,
        memory: this.#memory,
      });
    });
    const published = await inPhase(
      'PublishConnectionSecret',
      'cannot publish connection details',
      () => this.#publishConnection(composed),
    );
    await this.#publish(composed, published, saw);
    return this.#next(key, composed);
  }

  /** Selects, and writes what the selection and the adoption change, at once. */
  async #adopt(
    stored: Stored<Composite>,
    saw: <T extends Stored>(object: T) => T,
  ): Promise<{ revision: Stored<CompositionRevision>; composite: Stored<Composite> }> {
    const { context, compositions, revisions } = this.sources;
    const before = machineryOf(stored, this.#scope);
    const selection = selectComposition(stored, before, {
      definition: this.definition,
      compositions: compositions.list(),
      revisions: revisions.list(),
    });
    const patch = adoption(stored, before, selection, this.#scope);
    const composite =
      patch === undefined
        ? stored
        : saw(
            await context.client.patch<Composite>(this.type, keyOf(stored), patch, {
              fieldManager: FIELD_MANAGER,
            }),
          );
    reportSelection(composite, before, selection, context);
    const { revision, problem } = selection;
    if (problem !== undefined) throw problem;
    if (revision === undefined) throw new TypeError('a selection without problem has a revision');
    const valid = conditionOf(revision, 'ValidPipeline');
    if (valid?.status === 'False') {
      throw new PhaseError(
        'ComposeResources',
        `selected CompositionRevision ${revision.metadata.name} does not have a valid function pipeline`,
        valid.message ?? 'pipeline status unknown',
      );
    }
    return { revision, composite };
  }

  async #connectionDetails(composite: Stored<Composite>) {
    const { writeConnectionSecretToRef: ref } = machineryOf(composite, this.#scope);
    if (ref === undefined) return undefined;
    return (await readSecret(ref, this.sources.context.client))?.data;
  }

  async #publishConnection({ composite, connectionDetails }: Composed): Promise<boolean> {
    const { writeConnectionSecretToRef: ref } = machineryOf(composite, this.#scope);
    if (ref === undefined) return false;
    const { connectionSecretKeys = [] } = this.definition.spec;
    const data = Object.fromEntries(
      Object.entries(connectionDetails).filter(
        ([key]) => connectionSecretKeys.length === 0 || connectionSecretKeys.includes(key),
      ),
    );
    return explained(
      'cannot apply connection secret',
      // Crossplane patches this Secret, so what is no longer published stays in it.
      publishConnectionSecret(composite, ref, data, 'kept', this.sources.context.client),
    );
  }

  async #publish(
    composed: Composed,
    hasPublishedConnection: boolean,
    saw: (object: Stored) => void,
  ): Promise<void> {
    const { context } = this.sources;
    const { composite, conditions } = composed;
    if (hasPublishedConnection) {
      const words = 'Successfully published connection details';
      context.events.normal(composite, 'PublishConnectionSecret', words);
    }
    const more = {
      ...handledRequest(composite),
      ...this.#claimConditionTypes(composite, conditions),
      ...(hasPublishedConnection
        ? { connectionDetails: { lastPublishedTime: toKubernetesTime(context.clock.now()) } }
        : {}),
    };
    const texts = outcomeConditions(composed);
    saw(await publishStatus(composite, texts, more, { context, type: this.type }));
  }

  /** Only legacy composites have claims. */
  #claimConditionTypes(composite: Composite, said: readonly FunctionCondition[]): object {
    return this.#scope === 'LegacyCluster' ? claimConditionTypes(composite, said) : {};
  }

  /** A resource that the API server refused is tried again; an answer that grows old is asked for anew. */
  #next(key: string, { composite, unsynced, ttlSeconds, hasNewStatus }: Composed): Outcome {
    if (unsynced.length > 0) return this.#retry(key, 'a resource was refused');
    this.#ledger.succeeded(key);
    if (hasNewStatus) {
      this.#ledger.force(key);
      return again(GATHER_MS, 'functions have yet to see the new status');
    }
    const asked = requestedPollIntervalMs(composite);
    if (ttlSeconds !== undefined && ttlSeconds > 0) {
      return this.#later(key, ttlSeconds * 1000, 'the answer of a function grows old');
    }
    if (asked === undefined) return settled;
    return this.#later(key, Math.max(MIN_POLL_MS, asked), 'its poll interval is over');
  }

  #later(key: string, afterMs: number, because: string): Outcome {
    this.#ledger.expect(key, afterMs);
    return again(afterMs, because);
  }

  /** Whatever becomes of telling it, the pass is tried again. */
  async #fail(key: string, error: unknown): Promise<Outcome> {
    const { log } = this.sources.context;
    log.debug('a pass failed', { composite: key, error });
    const failure =
      error instanceof PhaseError
        ? error
        : new PhaseError('ReconcileError', 'cannot reconcile', error);
    try {
      await this.#tell(key, failure);
    } catch (cause) {
      log.debug('the failure could not be published', { composite: key, error: cause });
    }
    return this.#retry(key, failure.message);
  }

  async #tell(key: string, failure: PhaseError): Promise<void> {
    const { context } = this.sources;
    const composite = await this.#read(key);
    if (composite === undefined) return;
    context.events.warning(composite, failure.reason, failure.message);
    let texts = [responsive, notReconciled(failure.summary)];
    let more: Readonly<Record<string, unknown>> = handledRequest(composite);
    if (failure instanceof ComposeError) {
      await reportResults(composite, failure.results, context);
      texts = [...texts, ...conditionsAfterFailure(composite, failure.conditions)];
      more = { ...more, ...this.#claimConditionTypes(composite, failure.conditions) };
    }
    const told = await publishStatus(composite, texts, more, { context, type: this.type });
    this.#ledger.saw(key, told);
  }

  #retry(key: string, because: string): Outcome {
    const afterMs = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** (this.#ledger.failed(key) - 1));
    return this.#later(key, afterMs, because);
  }

  /** Composed resources go by garbage collection: they have an ownerReference to the composite. */
  async #release(composite: Stored<Composite>): Promise<void> {
    const { finalizers = [], resourceVersion } = composite.metadata;
    if (!finalizers.includes(FINALIZER_COMPOSITE)) return;
    const { context } = this.sources;
    this.#memory.delete(composite.metadata.uid);
    const left = finalizers.filter((finalizer) => finalizer !== FINALIZER_COMPOSITE);
    const released = await context.client.patch<Composite>(
      this.type,
      keyOf(composite),
      { metadata: { finalizers: left, resourceVersion } },
      { fieldManager: FIELD_MANAGER },
    );
    if (left.length === 0) return;
    const texts = [responsive, deleting, reconciled];
    await publishStatus(released, texts, {}, { context, type: this.type });
  }
}
