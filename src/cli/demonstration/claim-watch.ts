/** Follows one claim and the managed resources that it composed, by watches. */
import { apiVersionOf } from '../../model/claim/api.js';
import { MANAGED_KINDS } from '../../model/managed/kinds.js';
import { Informer } from '../../support/kubernetes/informer.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Clock } from '../../support/clock.js';
import type { Log } from '../../support/log.js';

export interface ClaimWatchOptions {
  readonly client: KubernetesClient;
  readonly claim: KubernetesObject;
  readonly clock: Clock;
  readonly log: Log;
}

export class ClaimWatch {
  private constructor(
    private readonly key: { readonly name: string; readonly namespace: string },
    private readonly claims: Informer,
    private readonly managed: readonly Informer[],
  ) {}

  static async start({ client, claim, clock, log }: ClaimWatchOptions): Promise<ClaimWatch> {
    const { name = '', namespace = 'default' } = claim.metadata;
    const context = { clock, log };
    const claimType = await client.resourceType(claim.apiVersion, claim.kind);
    const claims = new Informer(client, claimType, context, { namespace }).start();
    // A claim is followed by its labels; an XR of the namespaced form has none and is the composite itself.
    const isNamespaced = claim.apiVersion === apiVersionOf('namespaced');
    const scope = isNamespaced
      ? { namespace, labelSelector: `crossplane.io/composite=${name}` }
      : {
          labelSelector: `crossplane.io/claim-name=${name},crossplane.io/claim-namespace=${namespace}`,
        };
    const form = isNamespaced ? 'namespaced' : 'cluster';
    const managed = await Promise.all(
      MANAGED_KINDS.filter((kind) => kind.form === form).map(async ({ apiVersion, kind }) => {
        const type = await client.resourceType(apiVersion, kind);
        return new Informer(client, type, context, scope).start();
      }),
    );
    await Promise.all([claims, ...managed].map((informer) => informer.synced));
    return new ClaimWatch({ name, namespace }, claims, managed);
  }

  get claim(): KubernetesObject | undefined {
    return this.claims.get(this.key);
  }

  get resources(): KubernetesObject[] {
    return this.managed.flatMap((informer) => informer.list());
  }

  /** Calls `handler` after each change of any of them. */
  onChange(handler: () => void): void {
    for (const informer of [this.claims, ...this.managed]) informer.onChange(handler);
  }

  async stop(): Promise<void> {
    await Promise.all([this.claims, ...this.managed].map((informer) => informer.stop()));
  }
}
