/**
 * ProviderConfigUsages: which managed resource uses which ProviderConfig, so that none is deleted while it is needed.
 *
 * A usage is named after its resource's UID and owned by it; it goes with it.
 */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { Form } from '../../../model/managed/kind.js';
import type { Managed } from '../managed/managed-resource.js';
import { CONFIG_API_VERSION, type ConfigReference } from './provider-config.js';

export const USAGE_LABELS = {
  configName: 'crossplane.io/provider-config',
  configKind: 'crossplane.io/provider-config-kind',
} as const;

export interface ProviderConfigUsage extends KubernetesObject {
  providerConfigRef: { readonly name: string; readonly kind?: string };
  resourceRef: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
  };
}

export class Usages {
  /** What is known to be written, by the resource's UID: a usage costs a call only when it changes. */
  readonly #tracked = new Map<string, string>();

  constructor(private readonly client: KubernetesClient) {}

  async track(resource: Managed, reference: ConfigReference, form: Form): Promise<void> {
    const { uid } = resource.metadata;
    const version = `${reference.kind}/${reference.name}`;
    if (this.#tracked.get(uid) === version) return;
    const type = await this.client.resourceType(CONFIG_API_VERSION[form], 'ProviderConfigUsage');
    const usage = usageOf(resource, reference, form);
    try {
      await this.client.create(type, usage);
    } catch (error) {
      if (!isApiError(error, 'AlreadyExists')) throw error;
      const { name = '', namespace, labels } = usage.metadata;
      const key = namespace === undefined ? { name } : { name, namespace };
      await this.client.patch(type, key, {
        metadata: { labels },
        providerConfigRef: usage.providerConfigRef,
      });
    }
    this.#tracked.set(uid, version);
  }

  /** Somebody took the record away: it is written again the next time. */
  forget(uid: string): void {
    this.#tracked.delete(uid);
  }

  /** Takes the usage away at once; garbage collection would do it later. */
  async release(resource: Managed, form: Form): Promise<void> {
    const { uid, namespace } = resource.metadata;
    const type = await this.client.resourceType(CONFIG_API_VERSION[form], 'ProviderConfigUsage');
    await this.client.delete(
      type,
      namespace === undefined ? { name: uid } : { name: uid, namespace },
    );
    this.#tracked.delete(uid);
  }
}

function usageOf(
  resource: Managed,
  { kind, name }: ConfigReference,
  form: Form,
): ProviderConfigUsage {
  const { apiVersion, kind: resourceKind, metadata } = resource;
  const namespaced = form === 'namespaced';
  return {
    apiVersion: CONFIG_API_VERSION[form],
    kind: 'ProviderConfigUsage',
    metadata: {
      name: metadata.uid,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: {
        [USAGE_LABELS.configName]: name,
        ...(namespaced ? { [USAGE_LABELS.configKind]: kind } : {}),
      },
      ownerReferences: [
        {
          apiVersion,
          kind: resourceKind,
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    providerConfigRef: namespaced ? { name, kind } : { name },
    resourceRef: { apiVersion, kind: resourceKind, name: metadata.name, uid: metadata.uid },
  };
}
