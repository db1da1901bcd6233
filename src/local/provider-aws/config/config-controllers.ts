/** The ProviderConfigs of both forms in memory, each kind with the queue that keeps account of its users. */
import type { Form } from '../../../model/managed/kind.js';
import type { Clock } from '../../../support/clock.js';
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import { Controller } from '../../../support/kubernetes/controller.js';
import { Informer } from '../../../support/kubernetes/informer.js';
import { formatKey, keyOf } from '../../../support/kubernetes/objects.js';
import type { Log } from '../../../support/log.js';
import type { EventRecorder } from '../managed/events.js';
import { ProviderConfigReconciler } from './provider-config-reconciler.js';
import {
  CONFIG_API_VERSION,
  type ProviderConfig,
  type ProviderConfigObject,
} from './provider-config.js';
import type { ProviderConfigUsage } from './usages.js';

const CONFIG_KINDS: readonly { readonly form: Form; readonly kind: string }[] = [
  { form: 'cluster', kind: 'ProviderConfig' },
  { form: 'namespaced', kind: 'ProviderConfig' },
  { form: 'namespaced', kind: 'ClusterProviderConfig' },
];

export interface ConfigControllersOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventRecorder;
}

export interface ConfigListener {
  /** A configuration is new or says something else than before. */
  onChange(form: Form, config: ProviderConfig): void;
  onGone(config: ProviderConfig): void;
  /** The record of a use is gone; it bears the name of its user's UID. */
  onUsageGone(userUid: string): void;
}

export class ConfigControllers {
  readonly #configs = new Map<string, Informer<ProviderConfigObject>>();
  readonly #usages: Informer<ProviderConfigUsage>[] = [];
  readonly #controllers: Controller[] = [];

  constructor(private readonly options: ConfigControllersOptions) {}

  async start(listener: ConfigListener): Promise<void> {
    const { client } = this.options;
    const usages = new Map<Form, Informer<ProviderConfigUsage>>();
    for (const form of ['cluster', 'namespaced'] as const) {
      const resourceType = await client.resourceType(
        CONFIG_API_VERSION[form],
        'ProviderConfigUsage',
      );
      const informer = new Informer<ProviderConfigUsage>(
        client,
        resourceType,
        this.options,
      ).start();
      informer.onChange(({ type, object }) => {
        if (type === 'deleted') listener.onUsageGone(object.metadata.name);
      });
      usages.set(form, informer);
      this.#usages.push(informer);
    }
    await Promise.all(this.#usages.map((informer) => informer.synced));
    for (const { form, kind } of CONFIG_KINDS) {
      const ofForm = usages.get(form);
      if (ofForm !== undefined) await this.#startKind(form, kind, ofForm, listener);
    }
  }

  find(
    form: Form,
    kind: string,
    name: string,
    namespace: string | undefined,
  ): ProviderConfig | undefined {
    return this.#configs
      .get(`${form}/${kind}`)
      ?.get(namespace === undefined ? { name } : { name, namespace });
  }

  async stop(): Promise<void> {
    const informers = [...this.#configs.values(), ...this.#usages];
    await Promise.all([
      ...informers.map((informer) => informer.stop()),
      ...this.#controllers.map((controller) => controller.stop()),
    ]);
  }

  async #startKind(
    form: Form,
    kind: string,
    usages: Informer<ProviderConfigUsage>,
    listener: ConfigListener,
  ): Promise<void> {
    const { client, clock, log, events } = this.options;
    const type = await client.resourceType(CONFIG_API_VERSION[form], kind);
    const configs = new Informer<ProviderConfigObject>(client, type, { clock, log });
    const reconciler = new ProviderConfigReconciler({ client, clock, events, configs, usages });
    const controller = new Controller({
      name: `${form}/${kind}`,
      reconcile: (key) => reconciler.reconcile(key),
      clock,
      log,
    });
    this.#configs.set(`${form}/${kind}`, configs);
    this.#controllers.push(controller);
    configs.onChange((change) => {
      controller.enqueue(formatKey(keyOf(change.object)));
      if (change.type === 'deleted') listener.onGone(change.object);
      else if (change.object.metadata.generation !== change.previous?.metadata.generation) {
        listener.onChange(form, change.object);
      }
    });
    await configs.start().synced;
    usages.onChange(() => {
      for (const config of configs.list()) controller.enqueue(formatKey(keyOf(config)));
    });
  }
}
