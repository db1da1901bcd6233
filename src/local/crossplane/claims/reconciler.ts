/**
 * Reconciles the claims of one definition: bind, propagate down, propagate back, publish.
 *
 * A claim writes down the name of its composite resource before it makes it, so that a crash in between never makes two.
 */
import type { ResourceType } from '../../../support/kubernetes/client.js';
import {
  again,
  Controller,
  settled,
  type Outcome,
} from '../../../support/kubernetes/controller.js';
import { isApiError } from '../../../support/kubernetes/api-error.js';
import { Informer } from '../../../support/kubernetes/informer.js';
import {
  conditionOf,
  formatKey,
  isConditionTrue,
  keyOf,
  parseKey,
  type Stored,
} from '../../../support/kubernetes/objects.js';
import { toKubernetesTime } from '../../../support/clock.js';
import { canonicalJson, digest, holds } from '../comparison.js';
import type { Composite, ClaimRef, Machinery } from '../composites/composite.js';
import { withConditions } from '../composites/publish-status.js';
import {
  available,
  deleting,
  notReconciled,
  paused,
  PAUSED_MESSAGE,
  reconciled,
  waiting,
  type ConditionText,
} from '../conditions.js';
import { publishConnectionSecret, readSecret } from '../connection-secret.js';
import { claimType, compositeType, type Definition } from '../definitions/definition.js';
import type { EngineContext } from '../engine-context.js';
import {
  ANNOTATION_PAUSED,
  FIELD_MANAGER,
  FIELD_MANAGER_CLAIM,
  FINALIZER_CLAIM,
} from '../names.js';
import type { Claim } from './claim.js';
import { compositeName } from './composite-name.js';
import { desiredComposite, returnedSpec, returnedStatus } from './propagate.js';

const GONE_POLL_MS = 500;
const CONCURRENCY = 16;
const MIN_RETRY_MS = 500;

export class ClaimReconciler {
  readonly type: ResourceType;
  readonly informer: Informer<Claim>;
  readonly #compositeType: ResourceType;
  readonly #controller: Controller;
  /** What was last applied for each claim, by its UID. */
  readonly #applied = new Map<string, string>();

  constructor(
    private definition: Stored<Definition>,
    private readonly composites: Informer<Composite>,
    private readonly context: EngineContext,
  ) {
    const type = claimType(definition);
    if (type === undefined) throw new TypeError('the definition offers no claims');
    this.type = type;
    this.#compositeType = compositeType(definition);
    const { client, clock, log } = context;
    this.informer = new Informer<Claim>(client, type, { clock, log });
    this.#controller = new Controller({
      name: `${type.plural}.${definition.spec.group}`,
      reconcile: (key) => this.#reconcile(key),
      clock,
      log,
      concurrency: CONCURRENCY,
      minBackoffMs: MIN_RETRY_MS,
    });
  }

  start(): this {
    this.informer.onChange(({ object }) => this.#controller.enqueue(formatKey(keyOf(object))));
    this.composites.onChange(({ object }) => {
      const ref = claimRefOf(object);
      if (ref === undefined) return;
      this.#controller.enqueue(formatKey({ namespace: ref.namespace, name: ref.name }));
    });
    this.informer.start();
    return this;
  }

  update(definition: Stored<Definition>): void {
    const before = this.definition.metadata.generation;
    this.definition = definition;
    if (before === definition.metadata.generation) return;
    this.#applied.clear();
    for (const claim of this.informer.list()) this.#controller.enqueue(formatKey(keyOf(claim)));
  }

  async stop(): Promise<void> {
    await this.informer.stop();
    await this.#controller.stop();
  }

  async #reconcile(key: string): Promise<Outcome> {
    const { client, events } = this.context;
    const claim = await client.read<Claim>(this.type, parseKey(key));
    if (claim === undefined) return settled;
    try {
      if (claim.metadata.annotations?.[ANNOTATION_PAUSED] === 'true') {
        events.normal(claim, 'ReconciliationPaused', PAUSED_MESSAGE);
        await this.#publish(claim, claim.status ?? {}, [paused]);
        return settled;
      }
      if (claim.metadata.deletionTimestamp !== undefined) return await this.#delete(claim);
      const bound = await this.#bind(claim);
      const composite = await this.#propagate(bound);
      await this.#return(bound, composite);
      return settled;
    } catch (error) {
      if (isApiError(error, 'Conflict', 'NotFound')) throw error;
      const message = error instanceof Error ? error.message : String(error);
      events.warning(claim, 'BindCompositeResource', message);
      const fresh = await client.read<Claim>(this.type, parseKey(key));
      if (fresh !== undefined) {
        await this.#publish(fresh, fresh.status ?? {}, [notReconciled(message)]);
      }
      throw error;
    }
  }

  /** Gives the claim its finalizer and the name of a composite resource. */
  async #bind(claim: Stored<Claim>): Promise<Stored<Claim>> {
    const { finalizers = [], resourceVersion } = claim.metadata;
    const isHeld = finalizers.includes(FINALIZER_CLAIM);
    if (isHeld && claim.spec.resourceRef !== undefined) return claim;
    const { apiVersion, kind } = this.#compositeType;
    const name = compositeName(claim.metadata.name, this.context.chance);
    const patch = {
      metadata: {
        resourceVersion,
        ...(isHeld ? {} : { finalizers: [...finalizers, FINALIZER_CLAIM] }),
      },
      ...(claim.spec.resourceRef === undefined
        ? { spec: { resourceRef: { apiVersion, kind, name } } }
        : {}),
    };
    return this.#patch(claim, patch);
  }

  async #propagate(claim: Stored<Claim>): Promise<Stored<Composite>> {
    const { client, events } = this.context;
    const name = claim.spec.resourceRef?.name ?? '';
    const present = await client.read<Composite>(this.#compositeType, { name });
    const boundTo = present === undefined ? undefined : claimRefOf(present);
    if (boundTo !== undefined && !isRefTo(boundTo, claim)) {
      throw new Error(
        `cannot bind to composite resource "${name}" that is not bound to this claim: it is bound to claim "${boundTo.namespace}/${boundTo.name}"`,
      );
    }
    if (present?.metadata.deletionTimestamp !== undefined) return present;
    const wanted = desiredComposite(claim, this.#compositeType, name, this.definition);
    const intent = digest(wanted);
    if (
      present !== undefined &&
      this.#applied.get(claim.metadata.uid) === `${present.metadata.uid}/${intent}` &&
      holds(present, wanted)
    ) {
      return present;
    }
    const written = await client.apply<Composite>(this.#compositeType, wanted, {
      fieldManager: FIELD_MANAGER_CLAIM,
      force: true,
    });
    this.#applied.set(claim.metadata.uid, `${written.metadata.uid}/${intent}`);
    if (present === undefined || boundTo === undefined) {
      const words = `Successfully bound composite resource "${name}"`;
      events.normal(claim, 'BindCompositeResource', words);
    }
    return written;
  }

  async #return(before: Stored<Claim>, composite: Stored<Composite>): Promise<void> {
    const fields = returnedSpec(before, composite, this.definition);
    const claim =
      Object.keys(fields).length === 0 ? before : await this.#patch(before, { spec: fields });
    const isReady = isConditionTrue(composite, 'Ready');
    const shared = (composite.status?.claimConditionTypes ?? []) as readonly string[];
    const theirs = shared
      .map((type) => conditionOf(composite, type))
      .filter((condition) => condition !== undefined)
      .map(({ lastTransitionTime: _, observedGeneration: __, ...text }) => text);
    const status = returnedStatus(claim, composite);
    if (isReady && (await this.#publishConnection(claim, composite))) {
      const lastPublishedTime = toKubernetesTime(this.context.clock.now());
      status.connectionDetails = { lastPublishedTime };
    }
    await this.#publish(claim, status, [...theirs, reconciled, isReady ? available : waiting]);
  }

  async #publishConnection(claim: Stored<Claim>, composite: Composite): Promise<boolean> {
    const to = claim.spec.writeConnectionSecretToRef;
    const { writeConnectionSecretToRef: from } = (composite.spec ?? {}) as Machinery;
    const { namespace } = claim.metadata;
    if (to === undefined || from === undefined || namespace === undefined) return false;
    const { client } = this.context;
    const secret = await readSecret(from, client);
    if (secret === undefined) return false;
    return publishConnectionSecret(claim, { name: to.name, namespace }, secret.data ?? {}, client);
  }

  async #delete(claim: Stored<Claim>): Promise<Outcome> {
    const { client, events } = this.context;
    const { finalizers = [], resourceVersion } = claim.metadata;
    if (!finalizers.includes(FINALIZER_CLAIM)) return settled;
    const name = claim.spec.resourceRef?.name;
    const composite =
      name === undefined ? undefined : await client.read<Composite>(this.#compositeType, { name });
    const ref = composite === undefined ? undefined : claimRefOf(composite);
    if (composite !== undefined && ref !== undefined && isRefTo(ref, claim)) {
      const isForeground = claim.spec.compositeDeletePolicy === 'Foreground';
      if (composite.metadata.deletionTimestamp === undefined) {
        await client.delete(this.#compositeType, keyOf(composite), {
          propagationPolicy: isForeground ? 'Foreground' : 'Background',
          preconditions: { uid: composite.metadata.uid },
        });
        const words = 'Successfully requested deletion of composite resource';
        events.normal(claim, 'DeleteCompositeResource', words);
      }
      if (isForeground) {
        await this.#publish(claim, claim.status ?? {}, [deleting]);
        return again(GONE_POLL_MS, 'the composite resource is still there');
      }
    }
    const left = finalizers.filter((finalizer) => finalizer !== FINALIZER_CLAIM);
    await this.#patch(claim, { metadata: { finalizers: left, resourceVersion } });
    this.#applied.delete(claim.metadata.uid);
    return settled;
  }

  /** Replaces the whole status, so that what the composite resource no longer says goes from the claim too. */
  async #publish(
    claim: Stored<Claim>,
    status: Readonly<Record<string, unknown>>,
    texts: readonly ConditionText[],
  ): Promise<void> {
    const next = { ...status, conditions: withConditions(claim, texts, this.context) };
    if (canonicalJson(next) === canonicalJson(claim.status ?? {})) return;
    await this.context.client.replace<Claim>(
      this.type,
      { ...claim, status: next },
      { subresource: 'status', fieldManager: FIELD_MANAGER },
    );
  }

  #patch(claim: Stored<Claim>, patch: object): Promise<Stored<Claim>> {
    const options = { fieldManager: FIELD_MANAGER };
    return this.context.client.patch<Claim>(this.type, keyOf(claim), patch, options);
  }
}

function claimRefOf(composite: Composite): ClaimRef | undefined {
  return ((composite.spec ?? {}) as Machinery).claimRef;
}

function isRefTo({ kind, namespace, name }: ClaimRef, { kind: ofKind, metadata }: Claim): boolean {
  return kind === ofKind && namespace === metadata.namespace && name === metadata.name;
}
