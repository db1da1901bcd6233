/**
 * Installs the CRDs of the kinds that this provider serves, where the cluster has none of that name.
 *
 * A CRD that is there already, such as the real provider's, is left as it is and counts. Resolves when all are served.
 */
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import { Informer } from '../../support/kubernetes/informer.js';
import { isConditionTrue, type KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Clock } from '../../support/clock.js';
import type { Log } from '../../support/log.js';
import type { Schema } from './managed/schema.js';

/** As much of a CustomResourceDefinition as is read here. */
export interface InstalledCrd extends KubernetesObject {
  spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema?: { readonly openAPIV3Schema?: Schema };
    }[];
  };
}

export interface Installation {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** The CRDs as the cluster has them, by name. */
export async function installCrds(
  wanted: readonly KubernetesObject[],
  { client, clock, log }: Installation,
): Promise<ReadonlyMap<string, InstalledCrd>> {
  const type = await client.resourceType('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  const crds = new Informer<InstalledCrd>(client, type, { clock, log }).start();
  try {
    await crds.synced;
    const names = wanted.map(({ metadata }) => metadata.name ?? '');
    const missing = wanted.filter(
      ({ metadata }) => crds.get({ name: metadata.name ?? '' }) === undefined,
    );
    await Promise.all(missing.map((crd) => create(crd)));
    await new Promise<void>((resolve) => {
      const waiting = new Set(names);
      crds.onChange(({ object }) => {
        if (isConditionTrue(object, 'Established')) waiting.delete(object.metadata.name);
        if (waiting.size === 0) resolve();
      });
    });
    return new Map(crds.list().map((crd) => [crd.metadata.name, crd]));
  } finally {
    await crds.stop();
  }

  async function create(crd: KubernetesObject): Promise<void> {
    try {
      await client.create(type, crd);
    } catch (error) {
      if (!isApiError(error, 'AlreadyExists')) throw error;
    }
  }
}
