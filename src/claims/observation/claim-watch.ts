/** Follows one claim with its composite and the managed resources that it composed, by watches. */
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { CLAIM_NAME_LABEL, CLAIM_NAMESPACE_LABEL } from '../../model/labels.js';
import { MANAGED_KINDS } from '../../model/managed/kinds.js';
import type { Clock } from '../../support/clock.js';
import { Informer } from '../../support/kubernetes/informer.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../support/kubernetes/objects.js';
import type { Log } from '../../support/log.js';
import type { ObservedClaim } from './observe.js';
import { servedType } from './find-claim.js';

export interface ClaimWatchOptions {
  readonly client: KubernetesClient;
  readonly claim: KubernetesObject;
  readonly clock: Clock;
  readonly log: Log;
}

export class ClaimWatch {
  private constructor(
    private readonly form: ObservedClaim['form'],
    private readonly key: { readonly name: string; readonly namespace: string },
    private readonly claims: Informer,
    private readonly composites: Informer | undefined,
    private readonly managed: readonly Informer[],
  ) {}

  /** Kinds that the cluster does not serve are left out. */
  static async start({ client, claim, clock, log }: ClaimWatchOptions): Promise<ClaimWatch> {
    const { name = '', namespace = 'default' } = claim.metadata;
    const context = { clock, log };
    const claimType = await client.resourceType(claim.apiVersion, claim.kind);
    const claims = new Informer(client, claimType, context, { namespace }).start();
    // A claim is followed by its labels; an XR of the namespaced form has none and is the composite itself.
    const form = claim.apiVersion === apiVersionOf('namespaced') ? 'namespaced' : 'cluster';
    const scope =
      form === 'namespaced'
        ? { namespace, labelSelector: `crossplane.io/composite=${name}` }
        : {
            labelSelector: `${CLAIM_NAME_LABEL}=${name},${CLAIM_NAMESPACE_LABEL}=${namespace}`,
          };
    const follow = async (apiVersion: string, kind: string) => {
      const type = await servedType(client, apiVersion, kind);
      return type && new Informer(client, type, context, scope).start();
    };
    const composites =
      form === 'cluster'
        ? await follow(claim.apiVersion, CLAIM_API.cluster.composite.kind)
        : undefined;
    const managed = (
      await Promise.all(
        MANAGED_KINDS.filter((kind) => kind.form === form).map(({ apiVersion, kind }) =>
          follow(apiVersion, kind),
        ),
      )
    ).filter((informer) => informer !== undefined);
    const watch = new ClaimWatch(form, { name, namespace }, claims, composites, managed);
    await Promise.all(watch.#informers.map((informer) => informer.synced));
    return watch;
  }

  get claim(): Stored | undefined {
    return this.claims.get(this.key);
  }

  get resources(): KubernetesObject[] {
    return this.managed.flatMap((informer) => informer.list());
  }

  /** All of it as last seen; `undefined` while the claim is not there. */
  get observed(): ObservedClaim | undefined {
    const { claim, form } = this;
    if (claim === undefined) return undefined;
    const composite = form === 'namespaced' ? claim : this.composites?.list()[0];
    return { form, claim, composite, resources: this.resources, missing: [], hidden: [] };
  }

  /** Calls `handler` after each change of any of them. */
  onChange(handler: () => void): void {
    for (const informer of this.#informers) informer.onChange(handler);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer.stop()));
  }

  get #informers(): Informer[] {
    return [
      this.claims,
      ...(this.composites === undefined ? [] : [this.composites]),
      ...this.managed,
    ];
  }
}
