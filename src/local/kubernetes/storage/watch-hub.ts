/** The watch hub: each change goes to the watchers of its resource, and to no others. */
import type { ChangeEvent } from './record.js';
import type { Store } from './store.js';

export class WatchHub {
  readonly #watchers = new Map<string, Set<(event: ChangeEvent) => void>>();

  constructor(store: Store) {
    store.onChange((event) => {
      const watchers = this.#watchers.get(event.record.key.resource);
      if (watchers !== undefined) for (const tell of watchers) tell(event);
    });
  }

  /** Calls `tell` for each change of the resource until the answer is called. */
  watch(resource: string, tell: (event: ChangeEvent) => void): () => void {
    const watchers = this.#watchers.get(resource) ?? new Set();
    this.#watchers.set(resource, watchers.add(tell));
    return () => {
      watchers.delete(tell);
      if (watchers.size === 0 && this.#watchers.get(resource) === watchers)
        this.#watchers.delete(resource);
    };
  }
}
