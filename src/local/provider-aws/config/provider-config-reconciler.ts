/**
 * Keeps ProviderConfigs that are in use: counts their users, and holds their deletion back until there are none.
 */
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import { settled, type Outcome } from '../../../support/kubernetes/controller.js';
import type { Informer } from '../../../support/kubernetes/informer.js';
import {
  conditionsOf,
  keyOf,
  parseKey,
  setCondition,
} from '../../../support/kubernetes/objects.js';
import type { EventRecorder } from '../managed/events.js';
import { isBeingDeleted } from '../managed/managed-resource.js';
import type { ProviderConfig, ProviderConfigObject } from './provider-config.js';
import { USAGE_LABELS, type ProviderConfigUsage } from './usages.js';

const FINALIZER = 'in-use.crossplane.io';

export interface ProviderConfigReconcilerOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly events: EventRecorder;
  readonly configs: Informer<ProviderConfigObject>;
  readonly usages: Informer<ProviderConfigUsage>;
}

export class ProviderConfigReconciler {
  constructor(private readonly options: ProviderConfigReconcilerOptions) {}

  async reconcile(key: string): Promise<Outcome> {
    const { client, configs, events } = this.options;
    const config = configs.get(parseKey(key));
    if (config === undefined) return settled;
    const users = this.#usersOf(config);
    if (isBeingDeleted(config)) {
      if (users === 0) {
        await this.#setFinalizers(config, (finalizers) =>
          finalizers.filter((name) => name !== FINALIZER),
        );
        return settled;
      }
      const message = 'Blocking deletion while usages still exist';
      await events.record(config, 'Warning', 'UsageAccounting', message);
      const conditions = setCondition(
        conditionsOf(config),
        { type: 'Terminating', status: 'True', reason: 'InUse', message },
        toKubernetesTime(this.options.clock.now()),
      );
      if (conditions !== conditionsOf(config) || config.status?.users !== users) {
        const status = { users, conditions };
        await client.patch(configs.type, keyOf(config), { status }, { subresource: 'status' });
      }
      return settled;
    }
    await this.#setFinalizers(config, (finalizers) =>
      finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER],
    );
    if (config.status?.users !== users) {
      await client.patch(
        configs.type,
        keyOf(config),
        { status: { users } },
        { subresource: 'status' },
      );
    }
    return settled;
  }

  #usersOf({ kind, metadata: { name, namespace } }: ProviderConfig): number {
    return this.options.usages.list().filter((usage) => {
      const labels = usage.metadata.labels ?? {};
      return (
        labels[USAGE_LABELS.configName] === name &&
        (labels[USAGE_LABELS.configKind] ?? kind) === kind &&
        (namespace === undefined || usage.metadata.namespace === namespace)
      );
    }).length;
  }

  async #setFinalizers(config: ProviderConfig, change: (now: string[]) => string[]): Promise<void> {
    const now = config.metadata.finalizers ?? [];
    const next = change(now);
    if (next.length === now.length) return;
    const { resourceVersion } = config.metadata;
    await this.options.client.patch(this.options.configs.type, keyOf(config), {
      metadata: { resourceVersion, finalizers: next },
    });
  }
}
