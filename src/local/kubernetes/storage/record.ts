/** An object as it is stored: never changed, only replaced by a later one. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { formatJson, parseJson } from '../json/json.js';
import type { Forgetful, LatelyRead } from './lately-read.js';

export interface RecordKey {
  /** The resource that stores it, as in `configmaps` or `widgets.example.com`; its versions share it. */
  readonly resource: string;
  /** Empty for objects outside namespaces. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * Kept as JSON, which is what is stored and sent, and a third of the size; the object is made of it when someone looks,
 * and kept only as long as it is among those `lately` looked at.
 */
export class StoredRecord implements Forgetful {
  #object: Stored | undefined;
  #asIsFor: object | undefined;

  constructor(
    readonly key: RecordKey,
    object: Stored | undefined,
    readonly resourceVersion: number,
    readonly json = formatJson(object),
    private readonly lately?: LatelyRead,
  ) {
    this.#object = object;
    if (object !== undefined) lately?.keep(this);
  }

  /** Read-only: watchers and readers share it. */
  get object(): Stored {
    if (this.#object !== undefined) return this.#object;
    this.#object = parseJson(this.json).value as Stored;
    this.lately?.keep(this);
    return this.#object;
  }

  forgetObject(): void {
    this.#object = undefined;
  }

  /** The same object under a later version: how a deletion shows what it took. */
  at(resourceVersion: number): StoredRecord {
    const object = versioned(this.object, resourceVersion);
    return new StoredRecord(this.key, object, resourceVersion, formatJson(object), this.lately);
  }

  /** Whether it is known that this view (a resource) shows the object as it is stored. */
  isAsIsFor(view: object): boolean {
    return this.#asIsFor === view;
  }

  markAsIsFor(view: object): void {
    this.#asIsFor = view;
  }
}

export function versioned<T extends Stored>(object: T, resourceVersion: number): T {
  const metadata = { ...object.metadata, resourceVersion: String(resourceVersion) };
  return { ...object, metadata };
}

export interface ChangeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resourceVersion: number;
  /** The object after the change; of a deletion, as it was last, with the resourceVersion of the deletion. */
  readonly record: StoredRecord;
  /** What was there before; absent for ADDED. */
  readonly previous?: StoredRecord;
}

/** The order of lists: by namespace, then by name. */
export function orderOf({ namespace, name }: RecordKey): string {
  // Not a template: that makes a rope, which stays beside the text that it becomes as the key of a map.
  return [namespace, name].join('/');
}
