/**
 * Reconciles CompositeResourceDefinitions: finalizers, the CRDs they make, the controllers of what they define, status.
 *
 * A definition that goes takes everything with it, in this order: its claims, its composite resources, the CRDs, itself.
 */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { ResourceType } from '../../../support/kubernetes/client.js';
import { again, settled, type Outcome } from '../../../support/kubernetes/controller.js';
import {
  conditionOf,
  conditionsOf,
  isConditionTrue,
  keyOf,
  parseApiVersion,
  type OwnerReference,
  type Stored,
} from '../../../support/kubernetes/objects.js';
import { digest, holds } from '../comparison.js';
import { controllerOf } from '../composed/watches.js';
import type { CompositionRevision } from '../compositions/composition.js';
import { explained } from '../composites/phase.js';
import { withConditions } from '../composites/publish-status.js';
import type { CompositeSources } from '../composites/reconciler.js';
import type { ConditionText } from '../conditions.js';
import type { EventRecorder } from '../events.js';
import { FIELD_MANAGER, FINALIZER_DEFINED, FINALIZER_OFFERED } from '../names.js';
import { RenderError } from './crds.js';
import { claimType, compositeType, type Definition } from './definition.js';
import { identityOf, Offering } from './offering.js';
import { canRender, claims, composites, offersOf, type Offer } from './offers.js';

const POLL_MS = 50;

const established: ConditionText = {
  type: 'Established',
  status: 'True',
  reason: 'WatchingCompositeResource',
};
const offered: ConditionText = {
  type: 'Offered',
  status: 'True',
  reason: 'WatchingCompositeResourceClaim',
};
const terminating: readonly ConditionText[] = [
  { type: 'Established', status: 'False', reason: 'TerminatingCompositeResource' },
  { type: 'Offered', status: 'False', reason: 'TerminatingCompositeResourceClaim' },
];

export class DefinitionReconciler {
  readonly #offerings = new Map<string, Offering>();
  /** What each CRD was last written as, by its name. */
  readonly #written = new Map<string, string>();

  constructor(
    private readonly type: ResourceType,
    private readonly crdType: ResourceType,
    private readonly sources: CompositeSources,
  ) {}

  async reconcile(name: string): Promise<Outcome> {
    const { client } = this.sources.context;
    const definition = await client.read<Definition>(this.type, { name });
    if (definition === undefined) {
      await this.#stopOffering(name);
      return settled;
    }
    if (definition.metadata.deletionTimestamp !== undefined) return this.#terminate(definition);
    const held = await this.#hold(definition);
    const served = await Promise.allSettled(
      offersOf(held).map((offer) => this.#serve(offer, held)),
    );
    const [isEstablished, isOffered = false] = served.map(
      (each) => each.status === 'fulfilled' && each.value,
    );
    if (isEstablished === true) {
      await this.#offer(held, isOffered);
      await this.#publish(held, isOffered);
    }
    for (const each of served) if (each.status === 'rejected') throw each.reason;
    const isServed = served.every((each) => each.status === 'fulfilled' && each.value);
    return isServed ? settled : again(POLL_MS, 'a CRD is not served yet');
  }

  /** `true` once the CRD is served. Its definition is told why it cannot be. */
  async #serve(offer: Offer, definition: Stored<Definition>): Promise<boolean> {
    const events = this.#eventsOf(offer);
    try {
      return await this.#ensureCrd(offer, definition);
    } catch (error) {
      if (isApiError(error, 'Conflict')) throw error;
      const isRendering = error instanceof RenderError;
      const what = `cannot ${isRendering ? 'render' : 'apply rendered'} ${offer.words}`;
      const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      events.warning(definition, isRendering ? 'RenderCRD' : offer.reason, message);
      throw error;
    }
  }

  /** A composed resource has changed: tell the controller of the composite that owns it. */
  noticeComposed(owner: OwnerReference, object: Stored, isGone: boolean): void {
    const { group } = parseApiVersion(owner.apiVersion);
    for (const { composites } of this.#offerings.values()) {
      const { apiVersion, kind, namespaced } = composites.type;
      if (kind !== owner.kind || parseApiVersion(apiVersion).group !== group) continue;
      const { namespace = '' } = object.metadata;
      composites.noticeComposed(
        namespaced ? `${namespace}/${owner.name}` : owner.name,
        object,
        isGone,
      );
    }
  }

  noticeRevision(revision: Stored<CompositionRevision>): void {
    const { apiVersion, kind } = revision.spec.compositeTypeRef;
    for (const { composites } of this.#offerings.values()) {
      if (composites.type.apiVersion === apiVersion && composites.type.kind === kind) {
        composites.noticeRevision(revision);
      }
    }
  }

  /** A function or a kind has come or gone. */
  retryFailing(): void {
    for (const { composites } of this.#offerings.values()) composites.retryFailing();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#offerings.values()].map((offering) => offering.stop()));
  }

  async #hold(definition: Stored<Definition>): Promise<Stored<Definition>> {
    const { finalizers = [], resourceVersion } = definition.metadata;
    const wanted = offersOf(definition)
      .filter((offer) => canRender(offer, definition))
      .map(({ finalizer }) => finalizer);
    const missing = wanted.filter((each) => !finalizers.includes(each));
    if (missing.length === 0) return definition;
    const patch = { metadata: { finalizers: [...finalizers, ...missing], resourceVersion } };
    return this.#patch(definition, patch);
  }

  /** `true` once the CRD is as wanted and served. */
  async #ensureCrd(offer: Offer, owner: Stored<Definition>): Promise<boolean> {
    const { client } = this.sources.context;
    const events = this.#eventsOf(offer);
    const wanted = offer.render(owner);
    if (wanted === undefined) return false;
    const { name = '' } = wanted.metadata;
    const tell = () => {
      events.normal(owner, offer.reason, `Applied ${offer.words}: ${name}`);
    };
    const tellAwaited = () => {
      events.normal(owner, offer.reason, `waiting for ${offer.words} to be established`);
    };
    const present = await client.read(this.crdType, { name });
    const intent = digest(wanted);
    if (present === undefined) {
      const options = { fieldManager: FIELD_MANAGER };
      await explained('cannot create object', client.create(this.crdType, wanted, options));
      this.#written.set(name, intent);
      tell();
      tellAwaited();
      return false;
    }
    const controller = controllerOf(present);
    if (controller !== undefined && controller.uid !== owner.metadata.uid) {
      throw new Error(`existing object is not controlled by UID "${owner.metadata.uid}"`);
    }
    if (this.#written.get(name) !== intent || !holds(present, wanted)) {
      const { metadata } = present;
      const merged = {
        ...metadata,
        labels: { ...metadata.labels, ...wanted.metadata.labels },
        annotations: { ...metadata.annotations, ...wanted.metadata.annotations },
        ...(controller === undefined ? { ownerReferences: wanted.metadata.ownerReferences } : {}),
      };
      await explained(
        'cannot update object',
        client.replace(
          this.crdType,
          { ...present, metadata: merged, spec: wanted.spec },
          { fieldManager: FIELD_MANAGER },
        ),
      );
      this.#written.set(name, intent);
      tell();
    }
    const isEstablished = isConditionTrue(present, 'Established');
    if (!isEstablished) tellAwaited();
    return isEstablished;
  }

  async #offer(definition: Stored<Definition>, withClaims: boolean): Promise<void> {
    const { name } = definition.metadata;
    let offering = this.#offerings.get(name);
    if (offering !== undefined && isChanged(definition)) {
      const words = 'XRD specification changed; restarting controller to apply updates';
      this.#eventsOf(composites).normal(definition, 'RestartComposite', words);
    }
    if (offering?.identity !== identityOf(definition)) {
      await offering?.stop();
      offering = new Offering(definition, this.sources);
      this.#offerings.set(name, offering);
    }
    offering.update(definition);
    if (withClaims) offering.offerClaims();
    await offering.ready();
  }

  async #stopOffering(name: string): Promise<void> {
    const offering = this.#offerings.get(name);
    this.#offerings.delete(name);
    await offering?.stop();
  }

  async #publish(definition: Stored<Definition>, isOffered: boolean): Promise<void> {
    const { context } = this.sources;
    const composite = compositeType(definition);
    const claim = isOffered ? claimType(definition) : undefined;
    const texts = claim === undefined ? [established] : [established, offered];
    const controllers = {
      compositeResourceType: { apiVersion: composite.apiVersion, kind: composite.kind },
      // Empty where there are no claims, as the real one's struct has it.
      compositeResourceClaimType: { apiVersion: claim?.apiVersion ?? '', kind: claim?.kind ?? '' },
    };
    const conditions = withConditions(definition, texts, context);
    if (conditions === conditionsOf(definition) && holds(definition.status, { controllers }))
      return;
    await this.#patch(definition, { status: { conditions, controllers } }, 'status');
  }

  async #terminate(definition: Stored<Definition>): Promise<Outcome> {
    const { finalizers = [], resourceVersion, name } = definition.metadata;
    const left = finalizers.filter(
      (each) => ![FINALIZER_DEFINED, FINALIZER_OFFERED].includes(each),
    );
    if (left.length === finalizers.length) return settled;
    const texts = claimType(definition) === undefined ? terminating.slice(0, 1) : terminating;
    const conditions = withConditions(definition, texts, this.sources.context);
    if (conditions !== conditionsOf(definition)) {
      await this.#patch(definition, { status: { conditions } }, 'status');
      return again(0, 'its status has changed');
    }
    const claimed = claimType(definition);
    if (claimed !== undefined && (await this.#deleteAll(claimed))) {
      const words = 'waiting for defined composite resource claims to be deleted';
      this.#eventsOf(claims).normal(definition, claims.endReason, words);
      return again(POLL_MS, 'claims remain');
    }
    if (await this.#deleteComposites(compositeType(definition))) {
      const words = 'waiting for defined composite resources to be deleted';
      this.#eventsOf(composites).normal(definition, composites.endReason, words);
      return again(POLL_MS, 'composite resources remain');
    }
    await this.#stopOffering(name);
    const remain = await Promise.all(
      [claims, composites].map((offer) => this.#deleteCrd(offer, definition)),
    );
    if (remain.some(Boolean)) return again(POLL_MS, 'CRDs remain');
    await this.#patch(definition, { metadata: { finalizers: left, resourceVersion } });
    return settled;
  }

  /**
   * `true` while any remains. Crossplane asks for all of them at once, across namespaces, and the API server does no such
   * thing with a namespaced kind: those wait until their authors delete them (seen with Crossplane 2.3).
   */
  async #deleteComposites(type: ResourceType): Promise<boolean> {
    if (!type.namespaced) return this.#deleteAll(type);
    const { items } = await this.sources.context.client.list(type).catch(noneIfGone);
    return items.length > 0;
  }

  /** `true` while any remains. */
  async #deleteAll(type: ResourceType): Promise<boolean> {
    const { client } = this.sources.context;
    const { items } = await client.list(type).catch(noneIfGone);
    const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    await Promise.all(living.map((item) => client.delete(type, keyOf(item))));
    return items.length > 0;
  }

  async #deleteCrd(offer: Offer, owner: Stored<Definition>): Promise<boolean> {
    const { client } = this.sources.context;
    const name = offer.nameOf(owner);
    if (name === undefined) return false;
    const present = await client.read(this.crdType, { name });
    if (present === undefined || controllerOf(present)?.uid !== owner.metadata.uid) return false;
    this.#written.delete(name);
    if (present.metadata.deletionTimestamp === undefined) {
      await client.delete(this.crdType, { name });
      this.#eventsOf(offer).normal(owner, offer.endReason, `Deleted ${offer.words}: ${name}`);
    }
    return true;
  }

  #eventsOf({ controller }: Offer): EventRecorder {
    return this.sources.context.events.of(controller);
  }

  #patch(definition: Stored<Definition>, patch: object, subresource?: string) {
    return this.sources.context.client.patch<Definition>(this.type, keyOf(definition), patch, {
      fieldManager: FIELD_MANAGER,
      ...(subresource === undefined ? {} : { subresource }),
    });
  }
}

/** Of a kind whose CRD is gone already there is nothing. */
function noneIfGone(error: unknown): { readonly items: readonly Stored[] } {
  if (isApiError(error) && error.code === 404) return { items: [] };
  throw error;
}

/** Its composites are watched as an earlier generation of it said. */
function isChanged(definition: Stored<Definition>): boolean {
  const watched = conditionOf(definition, 'Established');
  const { generation } = definition.metadata;
  return (
    watched?.reason === established.reason &&
    watched.observedGeneration !== undefined &&
    watched.observedGeneration !== generation
  );
}
