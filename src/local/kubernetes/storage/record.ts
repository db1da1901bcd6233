/** An object as it is stored: never changed, only replaced by a later one. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { formatJson, parseJson } from '../json/json.js';

export interface RecordKey {
  /** The resource that stores it, as in `configmaps` or `widgets.example.com`; its versions share it. */
  readonly resource: string;
  /** Empty for objects outside namespaces. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * Kept as JSON, which is what is stored and sent, and a third of the size; the object is made of it when someone looks.
 */
export class StoredRecord {
  #object: WeakRef<Stored>;
  #asIsFor: object | undefined;

  constructor(
    readonly key: RecordKey,
    object: Stored,
    readonly resourceVersion: number,
    readonly json = formatJson(object),
  ) {
    this.#object = new WeakRef(object);
  }

  /** Read-only: watchers and readers share it. */
  get object(): Stored {
    const known = this.#object.deref();
    if (known !== undefined) return known;
    const object = parseJson(this.json).value as Stored;
    this.#object = new WeakRef(object);
    return object;
  }

  /** The same object under a later version: how a deletion shows what it took. */
  at(resourceVersion: number): StoredRecord {
    return new StoredRecord(this.key, versioned(this.object, resourceVersion), resourceVersion);
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
  return `${namespace}/${name}`;
}
