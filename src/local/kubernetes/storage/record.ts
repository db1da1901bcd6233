/** An object as it is stored: never changed, only replaced by a later one. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import { formatJson } from '../json/json.js';

export interface RecordKey {
  /** The resource that stores it, as in `configmaps` or `widgets.example.com`; its versions share it. */
  readonly resource: string;
  /** Empty for objects outside namespaces. */
  readonly namespace: string;
  readonly name: string;
}

export class StoredRecord {
  #json: string | undefined;

  constructor(
    readonly key: RecordKey,
    /** Read-only: watchers and readers share it. */
    readonly object: Stored,
    readonly resourceVersion: number,
    json?: string,
  ) {
    this.#json = json;
  }

  /** The object as JSON, made once. */
  get json(): string {
    return (this.#json ??= formatJson(this.object));
  }

  /** The same object under a later version: how a deletion shows what it took. */
  at(resourceVersion: number): StoredRecord {
    return new StoredRecord(this.key, versioned(this.object, resourceVersion), resourceVersion);
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
