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
import { explained, inPhase, PhaseError } from '../composites/phase.js';
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
import { controllerOf } from '../composed/watches.js';
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
import { desiredComposite, returned, returnedStatus } from './propagate.js';

const GONE_POLL_MS = 500;
const CONCURRENCY = 16;
const MIN_RETRY_MS = 500;

/** The composite resource that a claim names is another claim's. Nothing is tried again until one of them changes. */
class Unbound extends Error {}

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
      const present = await this.#bound(claim);
      if (claim.metadata.deletionTimestamp !== undefined) return await this.#delete(claim, present);
      const bound = await this.#bind(claim);
      const composite = await inPhase(
        'BindCompositeResource',
        'cannot bind and sync claim with composite resource',
        () => this.#propagate(bound, present),
      );
      await this.#return(bound, composite);
      return settled;
    } catch (error) {
      if (isApiError(error, 'Conflict', 'NotFound')) throw error;
      await this.#tell(key, error);
      if (error instanceof Unbound) return settled;
      throw error;
    }
  }

  async #tell(key: string, error: unknown): Promise<void> {
    const { client, events } = this.context;
    const claim = await client.read<Claim>(this.type, parseKey(key));
    if (claim === undefined) return;
    const message = error instanceof Error ? error.message : String(error);
    const reason = error instanceof PhaseError ? error.reason : 'BindCompositeResource';
    events.warning(claim, reason, message);
    const isGoing = claim.metadata.deletionTimestamp !== undefined;
    const texts = [...(isGoing ? [deleting] : []), notReconciled(message)];
    await this.#publish(claim, claim.status ?? {}, texts);
  }

  /** The composite resource that the claim names, if there is one. Refuses one that is another claim's. */
  async #bound(claim: Stored<Claim>): Promise<Stored<Composite> | undefined> {
    const name = claim.spec.resourceRef?.name;
    if (name === undefined) return undefined;
    const present = await this.context.client.read<Composite>(this.#compositeType, { name });
    const ref = present === undefined ? undefined : claimRefOf(present);
    if (ref !== undefined && !isRefTo(ref, claim)) {
      throw new Unbound(
        `refusing to operate on composite resource "${name}" that is not bound to this claim: bound to claim "${ref.name}"`,
      );
    }
    return present;
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

  async #propagate(
    claim: Stored<Claim>,
    present: Stored<Composite> | undefined,
  ): Promise<Stored<Composite>> {
    const { client, events } = this.context;
    const name = claim.spec.resourceRef?.name ?? '';
    if (present?.metadata.deletionTimestamp !== undefined) return present;
    const wanted = desiredComposite(claim, this.#compositeType, name, this.definition, present);
    const intent = digest(wanted);
    if (
      present !== undefined &&
      this.#applied.get(claim.metadata.uid) === `${present.metadata.uid}/${intent}` &&
      holds(present, wanted)
    ) {
      return present;
    }
    const written = await explained(
      'cannot apply composite resource',
      client.apply<Composite>(this.#compositeType, wanted, {
        fieldManager: FIELD_MANAGER_CLAIM,
        force: true,
      }),
    );
    this.#applied.set(claim.metadata.uid, `${written.metadata.uid}/${intent}`);
    if (present === undefined || claimRefOf(present) === undefined) {
      events.normal(claim, 'BindCompositeResource', 'Successfully bound composite resource');
    }
    return written;
  }

  async #return(before: Stored<Claim>, composite: Stored<Composite>): Promise<void> {
    const patch = returned(before, composite, this.definition);
    const claim = patch === undefined ? before : await this.#patch(before, patch);
    const isReady = isConditionTrue(composite, 'Ready');
    const shared = (composite.status?.claimConditionTypes ?? []) as readonly string[];
    const theirs = shared
      .map((type) => conditionOf(composite, type))
      .filter((condition) => condition !== undefined)
      .map(({ lastTransitionTime: _, observedGeneration: __, ...text }) => text);
    const status = returnedStatus(claim, composite);
    const { clock, events } = this.context;
    if (!isReady) {
      events.normal(claim, 'BindCompositeResource', 'Composite resource is not yet ready');
    } else if (
      await inPhase(
        'PropagateConnectionSecret',
        'cannot propagate connection details from composite resource',
        () => this.#publishConnection(claim, composite),
      )
    ) {
      status.connectionDetails = { lastPublishedTime: toKubernetesTime(clock.now()) };
      const words = 'Successfully propagated connection details from composite resource';
      events.normal(claim, 'PropagateConnectionSecret', words);
    }
    await this.#publish(claim, status, [reconciled, ...theirs, isReady ? available : waiting]);
  }

  async #publishConnection(claim: Stored<Claim>, composite: Stored<Composite>): Promise<boolean> {
    const to = claim.spec.writeConnectionSecretToRef;
    const { writeConnectionSecretToRef: from } = (composite.spec ?? {}) as Machinery;
    const { namespace } = claim.metadata;
    if (to === undefined || from === undefined || namespace === undefined) return false;
    const { client } = this.context;
    const secret = await readSecret(from, client);
    if (secret === undefined) {
      throw new Error(
        `cannot get composite resource's connection secret: secrets "${from.name}" not found`,
      );
    }
    if (controllerOf(secret)?.uid !== composite.metadata.uid) {
      throw new Error('cannot establish control of existing connection secret');
    }
    return explained(
      'cannot create or update connection secret',
      publishConnectionSecret(
        claim,
        { name: to.name, namespace },
        secret.data ?? {},
        'dropped',
        client,
      ),
    );
  }

  async #delete(claim: Stored<Claim>, composite: Stored<Composite> | undefined): Promise<Outcome> {
    const { client, events } = this.context;
    const { finalizers = [], resourceVersion } = claim.metadata;
    if (!finalizers.includes(FINALIZER_CLAIM)) return settled;
    if (composite !== undefined) {
      const isForeground = claim.spec.compositeDeletePolicy === 'Foreground';
      if (composite.metadata.deletionTimestamp === undefined) {
        await inPhase('DeleteCompositeResource', 'cannot delete bound composite resource', () =>
          client.delete(this.#compositeType, keyOf(composite), {
            propagationPolicy: isForeground ? 'Foreground' : 'Background',
            preconditions: { uid: composite.metadata.uid },
          }),
        );
      }
      if (isForeground) {
        await this.#publish(claim, claim.status ?? {}, [deleting]);
        return again(GONE_POLL_MS, 'the composite resource is still there');
      }
    }
    events.normal(claim, 'DeleteCompositeResource', 'Successfully deleted composite resource');
    const left = finalizers.filter((finalizer) => finalizer !== FINALIZER_CLAIM);
    const released = await this.#patch(claim, {
      metadata: { finalizers: left, resourceVersion },
    });
    this.#applied.delete(claim.metadata.uid);
    if (left.length > 0)
      await this.#publish(released, released.status ?? {}, [deleting, reconciled]);
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

/** The version counts too: a claim does not know its composite again after the definition refers to another one. */
function isRefTo(
  { apiVersion, kind, namespace, name }: ClaimRef,
  { apiVersion: ofVersion, kind: ofKind, metadata }: Claim,
): boolean {
  const isOfKind = apiVersion === ofVersion && kind === ofKind;
  return isOfKind && namespace === metadata.namespace && name === metadata.name;
}
