/**
 * The shared watch: every claim of the cluster, and what claims are made of, kept up to date for all pages together.
 *
 * Runs with the portal's own account, which may read these kinds and nothing else; what of it a caller sees is decided where it
 * is sent (`list-stream.ts`, `claim-stream.ts`). Managed resources are watched from the first time that a page shows a claim.
 */
import { FORMS, served, type Form, type ManagedKind } from '../../model/managed/kind.js';
import { KINDS } from '../../model/managed/kinds.js';
import type { Clock } from '../../support/clock.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient, ResourceType } from '../../support/kubernetes/client.js';
import { Informer } from '../../support/kubernetes/informer.js';
import type { Stored } from '../../support/kubernetes/objects.js';
import type { Log } from '../../support/log.js';
import type { ClaimKey, ClusterState } from '../contract.js';
import {
  apiPathOf,
  CLAIM_TYPES,
  claimKeyOf,
  claimKeyOfComposite,
  compositeOf,
  compositeOfResource,
  COMPOSITES,
  formatClaimKey,
} from './claim-kinds.js';
import { shownClaim, shownComposite, ShownResources } from './shown.js';

/** How often the cluster is asked whether it answers, and what it serves. */
const PROBE_MS = 2000;

export const MANAGED_TYPES: Readonly<Record<Form, readonly ResourceType[]>> = {
  cluster: managedTypes('cluster'),
  namespaced: managedTypes('namespaced'),
};

export interface SharedWatchOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly log: Log;
}

export class SharedWatch {
  readonly #claims = new Map<Form, Informer>();
  #composites: Informer | undefined;
  readonly #resources = new Map<ResourceType, Informer>();
  readonly #wanted = new Set<Form>();
  /** The resources of each composite. */
  readonly #composed = new Map<string, Set<Stored>>();
  readonly #claimOfComposite = new Map<string, string>();
  readonly #onClaim = new Set<(key: string) => void>();
  readonly #onCluster = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #shownResources = new ShownResources();
  #isBeginning = false;
  #state: ClusterState = { trouble: '', missing: [] };
  #probing: Promise<void> | undefined;

  constructor(private readonly options: SharedWatchOptions) {}

  /** Resolves when the claims are known, or when the cluster does not answer for now. */
  async start(): Promise<void> {
    await this.#probe();
    this.#probing = this.#keepProbing();
  }

  get state(): ClusterState {
    return this.#state;
  }

  claims(form: Form): Stored[] {
    return this.#claims.get(form)?.list() ?? [];
  }

  claim({ form, namespace, name }: ClaimKey): Stored | undefined {
    return this.#claims.get(form)?.get({ namespace, name });
  }

  /** The claim's composite, by which it is told whether it could be rendered at all; in the namespaced form the claim itself. */
  compositeOf(form: Form, claim: Stored): Stored | undefined {
    if (form === 'namespaced') return claim;
    const name = compositeOf(form, claim)?.slice(1);
    return name === undefined ? undefined : this.#composites?.get({ name });
  }

  /** What Crossplane has composed for the claim, so far as it is known; begins to watch where nobody has asked before. */
  resourcesOf(form: Form, claim: Stored): Stored[] {
    if (!this.#wanted.has(form)) {
      this.#wanted.add(form);
      void this.#watchResources();
    }
    const composite = compositeOf(form, claim);
    return [...(this.#composed.get(`${form}:${composite ?? ''}`) ?? [])];
  }

  /** Tells the key of each claim that changed, or something that it is made of. Returns how to stop. */
  onClaim(handler: (key: string) => void): () => void {
    this.#onClaim.add(handler);
    return () => this.#onClaim.delete(handler);
  }

  /** Tells when `state` changed. */
  onCluster(handler: () => void): () => void {
    this.#onCluster.add(handler);
    return () => this.#onCluster.delete(handler);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(
      [...this.#claims.values(), ...this.#resources.values()].map((informer) => informer.stop()),
    );
    await this.#composites?.stop();
    await this.#probing;
  }

  async #keepProbing(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.options.clock.sleep(PROBE_MS, signal);
      await this.#probe();
    }
  }

  async #probe(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const missing: Form[] = [];
    let trouble = '';
    for (const form of FORMS) {
      try {
        if (await this.#isServed(form)) await this.#watchClaims(form);
        else {
          missing.push(form);
          await this.#forgetClaims(form);
        }
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
      }
    }
    void this.#watchResources();
    this.#setState({ trouble, missing });
  }

  async #isServed(form: Form): Promise<boolean> {
    try {
      const { resources } = await this.options.client.raw<{
        resources: readonly { readonly name: string }[];
      }>(apiPathOf(form));
      return resources.some(({ name }) => name === CLAIM_TYPES[form].plural);
    } catch (error) {
      if (isApiError(error) && error.code === 404) return false;
      throw error;
    }
  }

  #setState(next: ClusterState): void {
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    if (next.trouble !== '') this.options.log.warn('the cluster does not answer', { ...next });
    this.#state = next;
    for (const handler of this.#onCluster) handler();
  }

  async #watchClaims(form: Form): Promise<void> {
    if (this.#claims.has(form) || this.#stop.signal.aborted) return;
    const { client, clock, log } = this.options;
    const informer = new Informer(client, CLAIM_TYPES[form], { clock, log, transform: shownClaim });
    this.#claims.set(form, informer);
    informer.onChange(({ type, object }) => {
      const key = formatClaimKey(claimKeyOf(form, object));
      const composite = `${form}:${compositeOf(form, object) ?? ''}`;
      if (type === 'deleted') this.#claimOfComposite.delete(composite);
      else this.#claimOfComposite.set(composite, key);
      this.#tell(key);
    });
    if (form === 'cluster') this.#watchComposites();
    await this.#begin(informer);
  }

  #watchComposites(): void {
    if (this.#composites !== undefined) return;
    const { client, clock, log } = this.options;
    this.#composites = new Informer(client, COMPOSITES, { clock, log, transform: shownComposite });
    this.#composites.start().onChange(({ object }) => {
      this.#tell(formatClaimKey(claimKeyOfComposite(object)));
    });
  }

  async #forgetClaims(form: Form): Promise<void> {
    const informer = this.#claims.get(form);
    if (informer === undefined) return;
    this.#claims.delete(form);
    for (const claim of informer.list()) this.#tell(formatClaimKey(claimKeyOf(form, claim)));
    await informer.stop();
  }

  /** Starts to watch the kinds that are wanted, served and not watched yet: one list at a time, of which each may be long. */
  async #watchResources(): Promise<void> {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    for (const form of this.#wanted) {
      for (const type of MANAGED_TYPES[form]) {
        if (this.#stop.signal.aborted) return;
        if (!this.#resources.has(type)) await this.#watchResource(form, type);
      }
    }
    this.#isBeginning = false;
  }

  async #watchResource(form: Form, type: ResourceType): Promise<void> {
    const { client, clock, log } = this.options;
    const isServed = await client.resourceType(type.apiVersion, type.kind).then(
      () => true,
      () => false, // not yet installed, or no answer: the next probe asks again
    );
    if (!isServed || this.#stop.signal.aborted) return;
    const informer = new Informer(client, type, {
      clock,
      log,
      transform: (resource) => this.#shownResources.shown(resource),
    });
    this.#resources.set(type, informer);
    informer.onChange(({ type: change, object, previous }) => {
      const composite = `${form}:${compositeOfResource(previous ?? object)}`;
      const composed = this.#composed.get(composite) ?? new Set<Stored>();
      if (previous !== undefined) composed.delete(previous);
      if (change !== 'deleted') composed.add(object);
      if (composed.size === 0) this.#composed.delete(composite);
      else this.#composed.set(composite, composed);
      const claim = this.#claimOfComposite.get(composite);
      if (claim !== undefined) this.#tell(claim);
    });
    await this.#begin(informer);
  }

  /** Resolves with its first list; a list that takes long holds nothing else up. */
  async #begin(informer: Informer): Promise<void> {
    const patience = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, patience.signal]);
    await Promise.race([informer.start().synced, this.options.clock.sleep(PROBE_MS, signal)]);
    patience.abort();
  }

  #tell(key: string): void {
    for (const handler of this.#onClaim) handler(key);
  }
}

function managedTypes(form: Form): ResourceType[] {
  return Object.values<ManagedKind>(KINDS).map((kind) => {
    const { apiVersion, plural } = served(kind, form);
    return { apiVersion, kind: kind.kind, plural, namespaced: form === 'namespaced' };
  });
}
