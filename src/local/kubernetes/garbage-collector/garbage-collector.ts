/**
 * The garbage collector: objects go after their owners.
 *
 * Follows every change. An object all of whose owners are gone is deleted; one whose owner is deleted in the foreground
 * goes before its owner; one whose owner is orphaning loses the reference instead. Owners that were never seen get a
 * grace before they count as gone, since whoever makes an object may make its owner next.
 */
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import type { OwnerReference, Stored } from '../../../support/kubernetes/objects.js';
import { parseApiVersion } from '../../../support/kubernetes/objects.js';
import type { WorkQueue } from '../control/work-queue.js';
import type { Registry } from '../resources/registry.js';
import type { Resource } from '../resources/resource.js';
import type { ChangeEvent, StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import {
  FOREGROUND_FINALIZER,
  ORPHAN_FINALIZER,
  removeObject,
  type Propagation,
} from '../verbs/delete.js';
import { isReadyToGo } from '../verbs/update.js';

/** How long an owner that nobody has seen may take to appear. */
const UNSEEN_OWNER_GRACE_MS = 2000;
/** A foreground or orphaning deletion can be seen, and taken back, for at least this long. */
const HOLD_MS = 1000;

interface Context {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly queue: WorkQueue;
}

export class GarbageCollector {
  /** The dependents of each owner, by uid. */
  readonly #dependents = new Map<string, Set<StoredRecord>>();
  /** The latest record of every object that there is, by uid. */
  readonly #objects = new Map<string, StoredRecord>();

  constructor(private readonly context: Context) {}

  start(): void {
    const { store } = this.context;
    for (const resource of store.resources())
      for (const record of store.list(resource)) this.#know(record);
    for (const record of this.#objects.values()) this.#consider(record);
    store.onChange((event) => this.#follow(event));
  }

  #follow({ type, record, previous }: ChangeEvent): void {
    if (previous !== undefined) this.#forget(previous);
    if (type === 'DELETED') {
      for (const dependent of this.#dependentsOf(record)) this.#enqueue(dependent, 0);
      for (const { uid } of record.object.metadata.ownerReferences ?? []) {
        const owner = this.#objects.get(uid);
        if (owner !== undefined) this.#consider(owner);
      }
      return;
    }
    this.#know(record);
    this.#consider(record);
  }

  #know(record: StoredRecord): void {
    const { uid, ownerReferences = [] } = record.object.metadata;
    this.#objects.set(uid, record);
    for (const owner of ownerReferences) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, dependents.add(record));
    }
  }

  #forget(record: StoredRecord): void {
    const { uid, ownerReferences = [] } = record.object.metadata;
    this.#objects.delete(uid);
    for (const owner of ownerReferences) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(record);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  #dependentsOf({ object }: StoredRecord): StoredRecord[] {
    return [...(this.#dependents.get(object.metadata.uid) ?? [])];
  }

  #consider(record: StoredRecord): void {
    const { metadata } = record.object;
    const finalizers = metadata.finalizers ?? [];
    const isDeleting = metadata.deletionTimestamp !== undefined;
    if (
      isDeleting &&
      (finalizers.includes(FOREGROUND_FINALIZER) || finalizers.includes(ORPHAN_FINALIZER))
    ) {
      this.#enqueue(record, this.#dependentsOf(record).length > 0 ? 0 : HOLD_MS);
    } else if (!isDeleting && (metadata.ownerReferences?.length ?? 0) > 0) {
      const isOwnerUnseen =
        metadata.ownerReferences?.some(({ uid }) => !this.#objects.has(uid)) ?? false;
      if (isOwnerUnseen) this.#enqueue(record, UNSEEN_OWNER_GRACE_MS);
    }
  }

  #enqueue({ object }: StoredRecord, afterMs: number): void {
    const { uid } = object.metadata;
    this.context.queue.add(
      `collect/${uid}/${afterMs > 0 ? 'later' : 'now'}`,
      () => this.#collect(uid),
      afterMs,
    );
  }

  async #collect(uid: string): Promise<void> {
    const known = this.#objects.get(uid);
    const record = known === undefined ? undefined : this.context.store.latest(known.key);
    if (record?.object.metadata.uid !== uid) return;
    const { deletionTimestamp, finalizers = [] } = record.object.metadata;
    if (deletionTimestamp === undefined) await this.#deleteUnowned(record);
    else if (finalizers.includes(ORPHAN_FINALIZER)) await this.#orphan(record);
    else if (finalizers.includes(FOREGROUND_FINALIZER)) await this.#deleteDependents(record);
  }

  async #deleteUnowned(record: StoredRecord): Promise<void> {
    const owners = record.object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return;
    const present = owners.filter((owner) => this.#isPresent(owner, record.object));
    if (present.length === 0) {
      await this.#remove(record, undefined);
      return;
    }
    const waiting = present.filter(({ uid }) => this.#isWaiting(uid));
    if (waiting.length === present.length) {
      const hasDependents = this.#dependentsOf(record).length > 0;
      await this.#remove(record, hasDependents ? 'Foreground' : undefined);
    } else if (present.length < owners.length) {
      await this.#keepOwners(record, present);
    }
  }

  /** Whether the owner exists where the reference looks for it: a cluster-scoped object cannot have an owner in a namespace. */
  #isPresent({ uid, kind, name, apiVersion }: OwnerReference, dependent: Stored): boolean {
    const owner = this.#objects.get(uid)?.object;
    if (owner?.kind !== kind || owner.metadata.name !== name) return false;
    if (parseApiVersion(owner.apiVersion).group !== parseApiVersion(apiVersion).group) return false;
    return (
      owner.metadata.namespace === undefined ||
      owner.metadata.namespace === dependent.metadata.namespace
    );
  }

  /** Whether the owner waits, deleted in the foreground, for its dependents to go. */
  #isWaiting(uid: string): boolean {
    const metadata = this.#objects.get(uid)?.object.metadata;
    return (
      metadata?.deletionTimestamp !== undefined &&
      metadata.finalizers?.includes(FOREGROUND_FINALIZER) === true
    );
  }

  async #deleteDependents(record: StoredRecord): Promise<void> {
    const dependents = this.#dependentsOf(record);
    for (const dependent of dependents) this.#enqueue(dependent, 0);
    const blocking = dependents.filter(({ object }) =>
      object.metadata.ownerReferences?.some(
        ({ uid, blockOwnerDeletion }) =>
          uid === record.object.metadata.uid && blockOwnerDeletion === true,
      ),
    );
    if (blocking.length === 0) await this.#release(record, FOREGROUND_FINALIZER);
  }

  async #orphan(record: StoredRecord): Promise<void> {
    const { uid } = record.object.metadata;
    await Promise.all(
      this.#dependentsOf(record).map(async ({ key }) => {
        const dependent = this.context.store.latest(key);
        const owners = dependent?.object.metadata.ownerReferences?.filter(
          (owner) => owner.uid !== uid,
        );
        if (dependent !== undefined && owners !== undefined)
          await this.#keepOwners(dependent, owners);
      }),
    );
    await this.#release(record, ORPHAN_FINALIZER);
  }

  async #keepOwners(
    { key, object }: StoredRecord,
    owners: readonly OwnerReference[],
  ): Promise<void> {
    const { ownerReferences: _ownerReferences, ...metadata } = object.metadata;
    const kept = owners.length === 0 ? metadata : { ...metadata, ownerReferences: [...owners] };
    await this.context.store.put(key, { ...object, metadata: kept });
  }

  async #release({ key, object }: StoredRecord, finalizer: string): Promise<void> {
    const { store } = this.context;
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    const released = { ...object, metadata: { ...object.metadata, finalizers } };
    if (isReadyToGo(released)) await store.delete(key);
    else await store.put(key, released);
  }

  async #remove(record: StoredRecord, propagation: Propagation | undefined): Promise<void> {
    const { store, clock } = this.context;
    const resource = this.#resourceOf(record);
    if (resource === undefined) return;
    const { uid } = record.object.metadata;
    const options = { isDryRun: false, propagation, preconditions: { uid } };
    await removeObject(store, resource, record, options, toKubernetesTime(clock.now()));
  }

  #resourceOf({ object, key }: StoredRecord): Resource | undefined {
    const { registry } = this.context;
    return (
      registry.findKind(object.apiVersion, object.kind) ??
      registry.storedKinds().find(({ storage }) => storage === key.resource)
    );
  }
}
