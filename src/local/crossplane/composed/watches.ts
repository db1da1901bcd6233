/**
 * Watches the kinds that are composed, from the first time that one is, and keeps what it sees.
 *
 * Of each kind only the objects with Crossplane's label are held. A change is told with the object's controller, the one
 * that it has or had until now: whoever takes it away is told of too.
 */
import type { ResourceType } from '../../../support/kubernetes/client.js';
import { Informer } from '../../../support/kubernetes/informer.js';
import type { ObjectKey, OwnerReference, Stored } from '../../../support/kubernetes/objects.js';
import type { EngineContext } from '../engine-context.js';
import { LABEL_COMPOSITE } from '../names.js';

export type ComposedChange = (owner: OwnerReference, object: Stored, isGone: boolean) => void;

export class ComposedWatches {
  readonly #informers = new Map<string, Informer>();

  constructor(
    private readonly context: EngineContext,
    private readonly onChange: ComposedChange,
  ) {}

  watch(type: ResourceType): void {
    const key = `${type.apiVersion}/${type.kind}`;
    if (this.#informers.has(key)) return;
    const { client, clock, log } = this.context;
    const scope = { labelSelector: LABEL_COMPOSITE };
    const informer = new Informer(client, type, { clock, log }, scope);
    this.#informers.set(key, informer);
    informer.onChange(({ type: change, object, previous }) => {
      const owner = controllerOf(object) ?? (previous && controllerOf(previous));
      if (owner !== undefined) this.onChange(owner, object, change === 'deleted');
    });
    informer.start();
  }

  /** The object as it was last seen, or as the API server has it where it has not been seen (yet). */
  async read(type: ResourceType, key: ObjectKey): Promise<Stored | undefined> {
    const informer = this.#informers.get(`${type.apiVersion}/${type.kind}`);
    return informer?.get(key) ?? (await this.context.client.read(type, key));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.stop()));
  }
}

export function controllerOf({ metadata }: Stored): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}
