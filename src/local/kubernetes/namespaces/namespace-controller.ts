/**
 * The namespace controller: a namespace that is being deleted is emptied, and goes when nothing is left in it.
 *
 * Objects with finalizers keep it Terminating; its conditions say what is left.
 */
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import { setCondition, type Condition } from '../../../support/kubernetes/objects.js';
import { NAMESPACE_FINALIZER, namespaces } from '../built-in/core.js';
import type { WorkQueue } from '../control/work-queue.js';
import { isEqual, isJsonObject } from '../json/json.js';
import type { Registry } from '../resources/registry.js';
import type { Resource } from '../resources/resource.js';
import type { StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import { isReadyToGo } from '../verbs/update.js';

interface Context {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly queue: WorkQueue;
  readonly deleteObject: (resource: Resource, record: StoredRecord) => Promise<unknown>;
}

export class NamespaceController {
  constructor(private readonly context: Context) {}

  start(): void {
    const { store } = this.context;
    for (const record of store.list(namespaces.storage)) this.#look(record);
    store.onChange(({ type, record }) => {
      if (record.key.resource === namespaces.storage) {
        if (type !== 'DELETED') this.#look(record);
      } else if (type === 'DELETED' && record.key.namespace !== '') {
        const namespace = store.get({
          resource: namespaces.storage,
          namespace: '',
          name: record.key.namespace,
        });
        if (namespace !== undefined) this.#look(namespace);
      }
    });
  }

  #look({ key, object }: StoredRecord): void {
    if (object.metadata.deletionTimestamp === undefined) return;
    this.context.queue.add(`namespace/${key.name}`, () => this.#empty(key.name));
  }

  async #empty(name: string): Promise<void> {
    const { store, registry, deleteObject } = this.context;
    const record = store.latest({ resource: namespaces.storage, namespace: '', name });
    if (record?.object.metadata.deletionTimestamp === undefined) return;
    const kinds = registry.storedKinds().filter(({ isNamespaced }) => isNamespaced);
    await Promise.all(
      kinds.flatMap((resource) =>
        store
          .latestOf(resource.storage, name)
          .filter(({ object }) => object.metadata.deletionTimestamp === undefined)
          .map((one) => deleteObject(resource, one)),
      ),
    );
    const left = kinds
      .map((resource) => ({ resource, count: store.latestOf(resource.storage, name).length }))
      .filter(({ count }) => count > 0);
    if (left.length === 0) await this.#finish(record);
    else await this.#report(record, left);
  }

  async #finish({ key }: StoredRecord): Promise<void> {
    const { store } = this.context;
    const live = store.latest(key);
    if (live === undefined) return;
    const spec = isJsonObject(live.object.spec) ? live.object.spec : {};
    const finalizers = (Array.isArray(spec.finalizers) ? spec.finalizers : []).filter(
      (one) => one !== NAMESPACE_FINALIZER,
    );
    const object = { ...live.object, spec: { ...spec, finalizers } };
    if (isReadyToGo(object)) await store.delete(key);
    else if (!isEqual(object, live.object)) await store.put(key, object);
  }

  async #report(
    { key, object }: StoredRecord,
    left: readonly { resource: Resource; count: number }[],
  ): Promise<void> {
    const { store, clock } = this.context;
    const status = isJsonObject(object.status) ? object.status : {};
    const parts = left.map(
      ({ resource, count }) => `${resource.storage} has ${count} resource instances`,
    );
    const message = `Some resources are remaining: ${parts.join(', ')}`;
    const conditions = setCondition(
      (status.conditions ?? []) as readonly Condition[],
      { type: 'NamespaceContentRemaining', status: 'True', reason: 'SomeResourcesRemain', message },
      toKubernetesTime(clock.now()),
    );
    if (conditions !== status.conditions)
      await store.put(key, { ...object, status: { ...status, conditions } });
  }
}
