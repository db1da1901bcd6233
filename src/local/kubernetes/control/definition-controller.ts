/**
 * The controller of CustomResourceDefinitions: what is served follows what is stored.
 *
 * Each change of a definition replaces its resources in the registry at once, and is then written back as conditions
 * (NamesAccepted, Established) and accepted names. A definition that is being deleted takes its objects along, and goes
 * when the last of them is gone.
 */
import type { Clock } from '../../../support/clock.js';
import { toKubernetesTime } from '../../../support/clock.js';
import { setCondition, type Condition } from '../../../support/kubernetes/objects.js';
import { acceptNames, NO_NAMES, type Acceptance } from '../crds/accepted-names.js';
import type { Definition, DefinitionNames } from '../crds/definition.js';
import { CLEANUP_FINALIZER, definitions } from '../crds/definitions.js';
import { customResource } from '../crds/custom-resource.js';
import { isEqual } from '../json/json.js';
import type { Registry } from '../resources/registry.js';
import type { Resource } from '../resources/resource.js';
import type { RecordKey, StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import type { WorkQueue } from './work-queue.js';

interface Context {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly queue: WorkQueue;
  /** Deletes an object as a client would, finalizers respected. */
  readonly deleteObject: (resource: Resource, record: StoredRecord) => Promise<unknown>;
}

interface ClaimedNames {
  readonly group: string;
  readonly names: DefinitionNames;
  /** It waits for names that another has. */
  readonly isRefused: boolean;
}

export class DefinitionController {
  readonly #served = new Map<
    string,
    {
      readonly spec: Definition['spec'];
      readonly isDeleting: boolean;
      readonly resources: Resource[];
    }
  >();
  /** Whose names are whose: looked at on every change, and definitions are too large to be read for it each time. */
  readonly #claimed = new Map<string, ClaimedNames>();

  constructor(private readonly context: Context) {}

  /** Serves what is stored, and follows it from now on. */
  start(): void {
    const { store } = this.context;
    const stored = store.list(definitions.storage);
    for (const record of stored) this.#claimAgain(record);
    for (const record of stored) this.#follow(record);
    store.onChange(({ type, record }) => {
      if (record.key.resource === definitions.storage) {
        if (type !== 'DELETED') this.#follow(record);
        else {
          this.#withdraw(record.key.name);
          this.#claimed.delete(record.key.name);
          this.#followRefused(record.object as unknown as Definition); // its names are free now
        }
      } else if (type === 'DELETED') this.#resumeCleanup(record.key.resource);
    });
  }

  /** What was accepted before the server was started stays so, whoever is looked at first. */
  #claimAgain({ key, object }: StoredRecord): void {
    const { spec, status } = object as unknown as Definition;
    const names = status?.acceptedNames ?? NO_NAMES;
    this.#claimed.set(key.name, { group: spec.group, names, isRefused: false });
  }

  #follow(record: StoredRecord): void {
    const { name } = record.key;
    const definition = record.object as unknown as Definition;
    const isDeleting = definition.metadata.deletionTimestamp !== undefined;
    const served = this.#served.get(name);
    const { names, refusal } = this.#acceptanceOf(definition);
    const isRefused = refusal !== undefined;
    this.#claimed.set(name, { group: definition.spec.group, names, isRefused });
    const isEstablished = !isRefused || served !== undefined || wasEstablished(definition);
    const spec = { ...definition.spec, names };
    const isCurrent = served?.isDeleting === isDeleting && isEqual(served.spec, spec);
    if (isEstablished && !isCurrent) {
      this.#withdraw(name);
      const resources = spec.versions
        .filter((version) => version.served)
        .map((version) => customResource({ ...definition, spec }, version));
      for (const resource of resources) this.context.registry.add(resource);
      this.#served.set(name, { spec, isDeleting, resources });
    }
    this.context.queue.add(`definition/${name}`, () => this.#settle(name));
  }

  #withdraw(name: string): void {
    for (const resource of this.#served.get(name)?.resources ?? [])
      this.context.registry.remove(resource);
    this.#served.delete(name);
  }

  /** Those of the group that wait for names. */
  #followRefused({ metadata, spec }: Definition): void {
    for (const [name, { group, isRefused }] of this.#claimed) {
      if (!isRefused || group !== spec.group || name === metadata.name) continue;
      const record = this.context.store.latest(keyOf(name));
      if (record !== undefined) this.#follow(record);
    }
  }

  #acceptanceOf(definition: Definition): Acceptance {
    const { metadata, spec } = definition;
    const others = [...this.#claimed].filter(
      ([name, { group }]) => name !== metadata.name && group === spec.group,
    );
    return acceptNames(
      definition,
      others.map(([, { names }]) => names),
    );
  }

  async #settle(name: string): Promise<void> {
    const { store } = this.context;
    const record = store.latest(keyOf(name));
    if (record === undefined) return;
    const definition = record.object as unknown as Definition;
    if (definition.metadata.deletionTimestamp !== undefined) {
      await this.#cleanUp(record);
      return;
    }
    const status = this.#statusOf(definition);
    if (isEqual(status, definition.status)) return;
    await store.put(record.key, { ...record.object, status });
    if (!isEqual(status?.acceptedNames, definition.status?.acceptedNames))
      this.#followRefused(definition); // it may have let a name go
  }

  #statusOf(definition: Definition): Definition['status'] {
    const now = toKubernetesTime(this.context.clock.now());
    const { names: acceptedNames, refusal } = this.#acceptanceOf(definition);
    let conditions: readonly Condition[] = definition.status?.conditions ?? [];
    const set = (type: string, isTrue: boolean, reason: string, message: string) => {
      conditions = setCondition(
        conditions,
        { type, status: isTrue ? 'True' : 'False', reason, message },
        now,
      );
    };
    if (refusal === undefined) {
      set('NamesAccepted', true, 'NoConflicts', 'no conflicts found');
      set('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted');
    } else {
      set('NamesAccepted', false, refusal.reason, refusal.message);
      if (!conditions.some(({ type }) => type === 'Established')) {
        set('Established', false, 'NotAccepted', 'not all names are accepted');
      }
    }
    return { conditions, acceptedNames, storedVersions: definition.status?.storedVersions ?? [] };
  }

  async #cleanUp(record: StoredRecord): Promise<void> {
    const { store, deleteObject } = this.context;
    const definition = record.object as unknown as Definition;
    if (definition.metadata.finalizers?.includes(CLEANUP_FINALIZER) !== true) return;
    const storage = record.key.name;
    const left = store.latestOf(storage);
    const stored = definition.spec.versions.find((version) => version.storage);
    if (left.length > 0 && stored !== undefined) {
      // Not what is served: that may be nothing.
      const resource = customResource(definition, stored);
      const standing = left.filter(({ object }) => object.metadata.deletionTimestamp === undefined);
      await Promise.all(standing.map((one) => deleteObject(resource, one)));
    }
    if (store.latestOf(storage).length > 0) return; // the last object's deletion calls again
    const finalizers = definition.metadata.finalizers.filter((one) => one !== CLEANUP_FINALIZER);
    const metadata = { ...record.object.metadata, finalizers };
    if (finalizers.length > 0) await store.put(record.key, { ...record.object, metadata });
    else await store.delete(record.key);
  }

  #resumeCleanup(storage: string): void {
    const record = this.context.store.get(keyOf(storage));
    if (record?.object.metadata.deletionTimestamp === undefined) return;
    this.context.queue.add(`definition/${storage}`, () => this.#settle(storage));
  }
}

function keyOf(name: string): RecordKey {
  return { resource: definitions.storage, namespace: '', name };
}

function wasEstablished({ status }: Definition): boolean {
  return (status?.conditions ?? []).some(
    (condition) => condition.type === 'Established' && condition.status === 'True',
  );
}
