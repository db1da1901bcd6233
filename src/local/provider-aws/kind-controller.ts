/**
 * One kind in one form at work: its objects in memory, and the queue that reconciles them.
 *
 * What counts as news: a changed specification, label, annotation or deletion. The provider's own records of creations and
 * its status do not.
 */
import { isDeepStrictEqual } from 'node:util';
import { Controller } from '../../support/kubernetes/controller.js';
import type { ResourceType } from '../../support/kubernetes/client.js';
import { Informer, type Change } from '../../support/kubernetes/informer.js';
import { formatKey, keyOf } from '../../support/kubernetes/objects.js';
import type { Form } from '../../model/managed/kind.js';
import type { External } from './external/external.js';
import type { LoadExternal } from './externals.js';
import {
  ANNOTATIONS,
  externalNameOf,
  type Managed,
  type ManagedObject,
} from './managed/managed-resource.js';
import { ManagedReconciler } from './managed/reconciler.js';
import type { World } from './managed/round.js';
import type { Schema } from './managed/schema.js';

/** How long after a failure the first retry comes: resources often wait for each other for a moment. */
const MIN_BACKOFF_MS = 100;

export interface KindControllerOptions {
  readonly id: string;
  readonly form: Form;
  readonly type: ResourceType;
  readonly schema: Schema;
  readonly load: LoadExternal;
  readonly world: World;
  readonly maxBackoffMs: number;
  /** Called when something changed that others may refer to. */
  readonly onReferable: () => void;
}

export class KindController {
  readonly #objects: Informer<ManagedObject>;
  readonly #controller: Controller;
  /** Keys that wait for another kind, by that kind. */
  readonly #waiting = new Map<string, Set<string>>();
  #external: Promise<External> | undefined;
  #reconciler: ManagedReconciler | undefined;

  constructor(private readonly options: KindControllerOptions) {
    const { world, type, id, form, maxBackoffMs } = options;
    this.#objects = new Informer<ManagedObject>(world.client, type, world);
    this.#controller = new Controller({
      name: `${form}/${id}`,
      reconcile: async (key) => (await this.#reconcilerOf()).reconcile(key),
      clock: world.clock,
      log: world.log,
      minBackoffMs: MIN_BACKOFF_MS,
      maxBackoffMs,
    });
  }

  get id(): string {
    return this.options.id;
  }

  get form(): Form {
    return this.options.form;
  }

  start(): Promise<void> {
    this.#objects.onChange((change) => {
      if (isNews(change)) this.#controller.enqueue(formatKey(keyOf(change.object)));
      if (isReferable(change)) this.options.onReferable();
    });
    return this.#objects.start().synced;
  }

  list(): readonly Managed[] {
    return this.#objects.list();
  }

  /** Looks again, now, at the objects that waited for something of the kind `to`. */
  wake(to: string): void {
    const keys = this.#waiting.get(to);
    this.#waiting.delete(to);
    for (const key of keys ?? []) this.#controller.enqueue(key);
  }

  /** Looks again, now, at the objects for which `which` holds. */
  reconsider(which: (object: Managed) => boolean): void {
    for (const object of this.list()) {
      if (which(object)) this.#controller.enqueue(formatKey(keyOf(object)));
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#objects.stop(), this.#controller.stop()]);
  }

  async #reconcilerOf(): Promise<ManagedReconciler> {
    const { load, id, form, type, schema, world } = this.options;
    const external = await (this.#external ??= load());
    return (this.#reconciler ??= new ManagedReconciler({
      kind: { id, form, type, schema, external },
      world,
      cache: this.#objects,
      onWaiting: (key, to) => {
        const keys = this.#waiting.get(to) ?? new Set();
        this.#waiting.set(to, keys.add(key));
      },
    }));
  }
}

function isNews({ type, object, previous }: Change<ManagedObject>): boolean {
  if (type !== 'modified' || previous === undefined) return true;
  const [now, before] = [object.metadata, previous.metadata];
  return (
    now.generation !== before.generation ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    !isDeepStrictEqual(now.labels, before.labels) ||
    !isDeepStrictEqual(outsideAnnotations(object), outsideAnnotations(previous))
  );
}

/** Annotations without the provider's own notes. */
function outsideAnnotations({ metadata }: Managed): Record<string, string> {
  const { createPending, createSucceeded, createFailed } = ANNOTATIONS;
  const own: readonly string[] = [createPending, createSucceeded, createFailed];
  return Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => !own.includes(key)),
  );
}

/** Whether what a reference takes of an object, or a selector asks of it, may have changed. */
function isReferable({ type, object, previous }: Change<ManagedObject>): boolean {
  if (type !== 'modified' || previous === undefined) return type === 'added';
  return (
    externalNameOf(object) !== externalNameOf(previous) ||
    object.status?.atProvider?.arn !== previous.status?.atProvider?.arn ||
    !isDeepStrictEqual(object.metadata.labels, previous.metadata.labels)
  );
}
