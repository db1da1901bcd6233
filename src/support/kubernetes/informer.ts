/**
 * An informer: the objects of one kind, kept in memory and up to date by list and watch.
 *
 * Serves controllers, which read the cache and are told of each change. Promises that every change after `synced` is seen,
 * in order per object; a change that another overtakes while the watch is down may be seen only as its outcome.
 */
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { isApiError } from './api-error.js';
import type { KubernetesClient, ListOptions, ResourceType } from './client.js';
import { formatKey, keyOf, type KubernetesObject, type ObjectKey, type Stored } from './objects.js';

export interface Change<T extends KubernetesObject = KubernetesObject> {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: Stored<T>;
  /** What the cache held before. */
  readonly previous?: Stored<T>;
}

export interface InformerContext<T extends KubernetesObject = KubernetesObject> {
  readonly clock: Clock;
  readonly log: Log;
  /** What of an object is kept, where that is not all of it; identity and version must be. @default everything */
  readonly transform?: (object: Stored<T>) => Stored<T>;
}

const RETRY_MS = 500;

export class Informer<T extends KubernetesObject = KubernetesObject> {
  readonly #objects = new Map<string, Stored<T>>();
  readonly #handlers = new Set<(change: Change<T>) => void>();
  readonly #abort = new AbortController();
  readonly #synced: Promise<void>;
  #markSynced: () => void = () => undefined;
  #run: Promise<void> | undefined;

  constructor(
    private readonly client: KubernetesClient,
    readonly type: ResourceType,
    private readonly context: InformerContext<T>,
    private readonly scope: ListOptions = {},
  ) {
    this.#synced = new Promise((resolve) => (this.#markSynced = resolve));
  }

  /** Resolves once the first list is in the cache (or the informer was stopped before). */
  get synced(): Promise<void> {
    return this.#synced;
  }

  /** The objects as last seen. Shared: treat them as read-only. */
  list(): Stored<T>[] {
    return [...this.#objects.values()];
  }

  get(key: ObjectKey): Stored<T> | undefined {
    return this.#objects.get(formatKey(key));
  }

  /** Calls `handler` for each change from now on; objects already in the cache are told as added, at once. */
  onChange(handler: (change: Change<T>) => void): () => void {
    this.#handlers.add(handler);
    for (const object of this.#objects.values()) handler({ type: 'added', object });
    return () => this.#handlers.delete(handler);
  }

  start(): this {
    this.#run ??= this.#follow();
    return this;
  }

  /** Ends the watch; resolves when nothing more will be told. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#markSynced();
    await this.#run;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#abort;
    let resourceVersion: string | undefined;
    while (!signal.aborted) {
      try {
        resourceVersion ??= await this.#relist();
        const events = this.client.watch<T>(this.type, { ...this.scope, resourceVersion }, signal);
        for await (const { type, object } of events) {
          resourceVersion = object.metadata.resourceVersion;
          if (type === 'DELETED') this.#remove(object);
          else if (type !== 'BOOKMARK') this.#store(object);
        }
      } catch (error) {
        if (isApiError(error, 'Expired', 'Gone')) resourceVersion = undefined;
        else {
          // The kind itself may be gone, or not yet served: list again, which tells.
          if (isApiError(error) && error.code === 404) resourceVersion = undefined;
          this.context.log.debug('watch interrupted', { kind: this.type.kind, error });
          await this.context.clock.sleep(RETRY_MS, signal);
        }
      }
    }
  }

  async #relist(): Promise<string> {
    const present = new Set<string>();
    let version = '';
    for await (const { items, resourceVersion } of this.client.chunks<T>(this.type, this.scope)) {
      version = resourceVersion;
      for (const item of items) {
        present.add(formatKey(keyOf(item)));
        this.#store(item);
      }
    }
    for (const [key, object] of this.#objects) if (!present.has(key)) this.#remove(object);
    this.#markSynced();
    return version;
  }

  #store(received: Stored<T>): void {
    const object = this.context.transform?.(received) ?? received;
    const key = formatKey(keyOf(object));
    const previous = this.#objects.get(key);
    if (previous?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#objects.set(key, object);
    this.#tell(
      previous === undefined ? { type: 'added', object } : { type: 'modified', object, previous },
    );
  }

  #remove(object: Stored<T>): void {
    const key = formatKey(keyOf(object));
    const previous = this.#objects.get(key);
    if (!this.#objects.delete(key)) return;
    this.#tell(
      previous === undefined ? { type: 'deleted', object } : { type: 'deleted', object, previous },
    );
  }

  #tell(change: Change<T>): void {
    for (const handler of this.#handlers) handler(change);
  }
}
