/**
 * Reconciles CompositeResourceDefinitions: finalizers, the CRDs they make, the controllers of what they define, status.
 *
 * A definition that goes takes everything with it, in this order: its claims, its composite resources, the CRDs, itself.
 */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { ResourceType } from '../../../support/kubernetes/client.js';
import { again, settled, type Outcome } from '../../../support/kubernetes/controller.js';
import {
  conditionsOf,
  isConditionTrue,
  keyOf,
  parseApiVersion,
  type KubernetesObject,
  type OwnerReference,
  type Stored,
} from '../../../support/kubernetes/objects.js';
import { digest, holds } from '../comparison.js';
import { controllerOf } from '../composed/watches.js';
import type { CompositionRevision } from '../compositions/composition.js';
import { withConditions } from '../composites/publish-status.js';
import type { CompositeSources } from '../composites/reconciler.js';
import type { ConditionText } from '../conditions.js';
import { FIELD_MANAGER, FINALIZER_DEFINED, FINALIZER_OFFERED } from '../names.js';
import { claimCrd, compositeCrd } from './crds.js';
import { claimType, compositeType, type Definition } from './definition.js';
import { identityOf, Offering } from './offering.js';

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
    const crds = [compositeCrd(held), claimCrd(held)].filter((crd) => crd !== undefined);
    const served = await Promise.all(crds.map((crd) => this.#ensureCrd(crd, held)));
    if (!served.every(Boolean)) return again(POLL_MS, 'a CRD is not served yet');
    await this.#offer(held);
    await this.#publish(held);
    return settled;
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
    const wanted = claimType(definition) === undefined ? [] : [FINALIZER_OFFERED];
    const missing = [FINALIZER_DEFINED, ...wanted].filter((each) => !finalizers.includes(each));
    if (missing.length === 0) return definition;
    const patch = { metadata: { finalizers: [...finalizers, ...missing], resourceVersion } };
    return this.#patch(definition, patch);
  }

  /** `true` once the CRD is as wanted and served. */
  async #ensureCrd(wanted: KubernetesObject, owner: Stored<Definition>): Promise<boolean> {
    const { client } = this.sources.context;
    const { name = '' } = wanted.metadata;
    const present = await client.read(this.crdType, { name });
    const intent = digest(wanted);
    if (present === undefined) {
      await client.create(this.crdType, wanted, { fieldManager: FIELD_MANAGER });
      this.#written.set(name, intent);
      return false;
    }
    if (controllerOf(present)?.uid !== owner.metadata.uid) {
      throw new Error(
        `CustomResourceDefinition "${name}" is not controlled by CompositeResourceDefinition "${owner.metadata.name}"`,
      );
    }
    if (this.#written.get(name) !== intent || !holds(present, wanted)) {
      const { metadata } = present;
      const merged = {
        ...metadata,
        labels: { ...metadata.labels, ...wanted.metadata.labels },
        annotations: { ...metadata.annotations, ...wanted.metadata.annotations },
      };
      await client.replace(
        this.crdType,
        { ...present, metadata: merged, spec: wanted.spec },
        { fieldManager: FIELD_MANAGER },
      );
      this.#written.set(name, intent);
    }
    return isConditionTrue(present, 'Established');
  }

  async #offer(definition: Stored<Definition>): Promise<void> {
    const { name } = definition.metadata;
    const running = this.#offerings.get(name);
    if (running?.identity === identityOf(definition)) {
      running.update(definition);
      return;
    }
    await running?.stop();
    const offering = new Offering(definition, this.sources);
    this.#offerings.set(name, offering);
    await offering.ready();
  }

  async #stopOffering(name: string): Promise<void> {
    const offering = this.#offerings.get(name);
    this.#offerings.delete(name);
    await offering?.stop();
  }

  async #publish(definition: Stored<Definition>): Promise<void> {
    const { context } = this.sources;
    const composite = compositeType(definition);
    const claim = claimType(definition);
    const texts = claim === undefined ? [established] : [established, offered];
    const controllers = {
      compositeResourceType: { apiVersion: composite.apiVersion, kind: composite.kind },
      ...(claim === undefined
        ? {}
        : { compositeResourceClaimType: { apiVersion: claim.apiVersion, kind: claim.kind } }),
    };
    const conditions = withConditions(definition, texts, context);
    if (conditions === conditionsOf(definition) && holds(definition.status, { controllers }))
      return;
    await this.#patch(definition, { status: { conditions, controllers } }, 'status');
    const words = 'Applied CRD and started the controller of';
    context.events.normal(definition, 'EstablishComposite', `${words} ${composite.kind}`);
    if (claim !== undefined) {
      context.events.normal(definition, 'OfferClaim', `${words} ${claim.kind}`);
    }
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
    const claims = claimType(definition);
    if (claims !== undefined && (await this.#deleteAll(claims))) {
      return again(POLL_MS, 'claims remain');
    }
    if (await this.#deleteAll(compositeType(definition))) {
      return again(POLL_MS, 'composite resources remain');
    }
    await this.#stopOffering(name);
    const crds = [compositeCrd(definition), claimCrd(definition)].filter(
      (crd) => crd !== undefined,
    );
    const remain = await Promise.all(crds.map((crd) => this.#deleteCrd(crd, definition)));
    if (remain.some(Boolean)) return again(POLL_MS, 'CRDs remain');
    await this.#patch(definition, { metadata: { finalizers: left, resourceVersion } });
    return settled;
  }

  /** `true` while any remains. */
  async #deleteAll(type: ResourceType): Promise<boolean> {
    const { client } = this.sources.context;
    try {
      const { items } = await client.list(type);
      const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      await Promise.all(living.map((item) => client.delete(type, keyOf(item))));
      return items.length > 0;
    } catch (error) {
      if (isApiError(error) && error.code === 404) return false; // the CRD is gone already
      throw error;
    }
  }

  async #deleteCrd(crd: KubernetesObject, owner: Stored<Definition>): Promise<boolean> {
    const { client } = this.sources.context;
    const { name = '' } = crd.metadata;
    const present = await client.read(this.crdType, { name });
    if (present === undefined || controllerOf(present)?.uid !== owner.metadata.uid) return false;
    this.#written.delete(name);
    if (present.metadata.deletionTimestamp === undefined) {
      await client.delete(this.crdType, { name });
    }
    return true;
  }

  #patch(definition: Stored<Definition>, patch: object, subresource?: string) {
    return this.sources.context.client.patch<Definition>(this.type, keyOf(definition), patch, {
      fieldManager: FIELD_MANAGER,
      ...(subresource === undefined ? {} : { subresource }),
    });
  }
}
