/** What a person does at a cluster: creates, changes and deletes objects, and waits for them to be in a certain state. */
import type { KubernetesClient, ResourceType } from '../../../src/support/kubernetes/client.js';
import {
  keyOf,
  type KubernetesObject,
  type Stored,
} from '../../../src/support/kubernetes/objects.js';

export class ClusterUser {
  constructor(private readonly client: KubernetesClient) {}

  async create<T extends KubernetesObject>(object: T): Promise<Stored<T>> {
    return this.client.create(await this.#typeOf(object), object);
  }

  async read<T extends KubernetesObject>(object: T): Promise<Stored<T> | undefined> {
    return this.client.read<T>(await this.#typeOf(object), keyOf(object));
  }

  async change(object: KubernetesObject, patch: object): Promise<void> {
    await this.client.patch(await this.#typeOf(object), keyOf(object), patch);
  }

  /** Asks for the deletion, and does not wait for it. */
  async startRemoval(object: KubernetesObject): Promise<void> {
    await this.client.delete(await this.#typeOf(object), keyOf(object));
  }

  async remove(object: KubernetesObject): Promise<void> {
    await this.startRemoval(object);
    await this.untilGone(object);
  }

  /** The object, once `holds` says so; the test's own time limit is the limit. */
  async until<T extends KubernetesObject>(
    object: T,
    holds: (object: Stored<T>) => boolean,
  ): Promise<Stored<T>> {
    const found = await this.#follow<T>(object, (now) => now !== undefined && holds(now));
    if (found === undefined) throw new Error('followed to its end');
    return found;
  }

  async untilGone(object: KubernetesObject): Promise<void> {
    await this.#follow(object, (now) => now === undefined);
  }

  async #follow<T extends KubernetesObject>(
    object: KubernetesObject,
    holds: (now: Stored<T> | undefined) => boolean,
  ): Promise<Stored<T> | undefined> {
    const type = await this.#typeOf(object);
    const { name, namespace } = object.metadata;
    const isMeant = ({ metadata }: KubernetesObject) =>
      metadata.name === name && metadata.namespace === namespace;
    const { items, resourceVersion } = await this.client.list<T>(type);
    const now = items.find(isMeant);
    if (holds(now)) return now;
    const abort = new AbortController();
    try {
      const events = this.client.watch<T>(type, { resourceVersion }, abort.signal);
      for await (const { type: change, object: seen } of events) {
        if (change === 'BOOKMARK' || !isMeant(seen)) continue;
        const next = change === 'DELETED' ? undefined : seen;
        if (holds(next)) return next;
      }
    } finally {
      abort.abort();
    }
    throw new Error(`the watch of ${type.kind} ended`);
  }

  #typeOf({ apiVersion, kind }: KubernetesObject): Promise<ResourceType> {
    return this.client.resourceType(apiVersion, kind);
  }
}
