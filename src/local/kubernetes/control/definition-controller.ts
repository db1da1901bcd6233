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
import {
  CLEANUP_FINALIZER,
  definitions,
  type Definition,
  type DefinitionNames,
} from '../crds/definition.js';
import { customResource } from '../crds/custom-resource.js';
import { isEqual } from '../json/json.js';
import type { Registry } from '../resources/registry.js';
import type { Resource } from '../resources/resource.js';
import type { StoredRecord } from '../storage/record.js';
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

export class DefinitionController {
  readonly #served = new Map<
    string,
    { readonly spec: unknown; readonly isDeleting: boolean; readonly resources: Resource[] }
  >();

  constructor(private readonly context: Context) {}

  /** Serves what is stored, and follows it from now on. */
  start(): void {
    const { store } = this.context;
    for (const record of store.list(definitions.storage)) this.#follow(record);
    store.onChange(({ type, record }) => {
      if (record.key.resource === definitions.storage) {
        if (type === 'DELETED') this.#withdraw(record.key.name);
        else this.#follow(record);
      } else if (type === 'DELETED') this.#resumeCleanup(record.key.resource);
    });
  }

  #follow(record: StoredRecord): void {
    const { name } = record.key;
    const definition = record.object as unknown as Definition;
    const isDeleting = definition.metadata.deletionTimestamp !== undefined;
    const served = this.#served.get(name);
    const isAccepted = served !== undefined || this.#conflictOf(definition) === undefined;
    const isCurrent = served?.isDeleting === isDeleting && isEqual(served.spec, definition.spec);
    if (isAccepted && !isCurrent) {
      this.#withdraw(name);
      const resources = definition.spec.versions
        .filter((version) => version.served)
        .map((version) => customResource(definition, version));
      for (const resource of resources) this.context.registry.add(resource);
      this.#served.set(name, { spec: definition.spec, isDeleting, resources });
    }
    this.context.queue.add(`definition/${name}`, () => this.#settle(name));
  }

  #withdraw(name: string): void {
    for (const resource of this.#served.get(name)?.resources ?? [])
      this.context.registry.remove(resource);
    this.#served.delete(name);
  }

  /** Another definition of the group that has one of the names. */
  #conflictOf(definition: Definition): string | undefined {
    const { group, names } = definition.spec;
    for (const { object } of this.context.store.list(definitions.storage)) {
      const other = object as unknown as Definition;
      if (other.metadata.name === definition.metadata.name || other.spec.group !== group) continue;
      const accepted = other.status?.acceptedNames;
      if (accepted === undefined) continue;
      const taken = namesOf(accepted);
      const clash = namesOf(names).find((one) => taken.includes(one));
      if (clash !== undefined) return `"${clash}" is already in use`;
      if (accepted.kind === names.kind || accepted.listKind === names.listKind)
        return `"${names.kind}" is already in use`;
    }
    return undefined;
  }

  async #settle(name: string): Promise<void> {
    const { store } = this.context;
    const record = store.latest({ resource: definitions.storage, namespace: '', name });
    if (record === undefined) return;
    const definition = record.object as unknown as Definition;
    if (definition.metadata.deletionTimestamp !== undefined) {
      await this.#cleanUp(record);
      return;
    }
    const status = this.#statusOf(definition);
    if (!isEqual(status, definition.status))
      await store.put(record.key, { ...record.object, status });
  }

  #statusOf(definition: Definition): Definition['status'] {
    const now = toKubernetesTime(this.context.clock.now());
    const clash = this.#conflictOf(definition);
    let conditions: readonly Condition[] = definition.status?.conditions ?? [];
    const set = (type: string, isTrue: boolean, reason: string, message: string) => {
      conditions = setCondition(
        conditions,
        { type, status: isTrue ? 'True' : 'False', reason, message },
        now,
      );
    };
    if (clash === undefined) {
      set('NamesAccepted', true, 'NoConflicts', 'no conflicts found');
      set('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted');
    } else {
      set('NamesAccepted', false, 'NameConflict', clash);
      if (!conditions.some(({ type }) => type === 'Established')) {
        set('Established', false, 'NotAccepted', 'not all names are accepted');
      }
    }
    const acceptedNames =
      clash === undefined
        ? definition.spec.names
        : (definition.status?.acceptedNames ?? { plural: '', kind: '' });
    return { conditions, acceptedNames, storedVersions: definition.status?.storedVersions ?? [] };
  }

  async #cleanUp(record: StoredRecord): Promise<void> {
    const { store, deleteObject } = this.context;
    const definition = record.object as unknown as Definition;
    if (definition.metadata.finalizers?.includes(CLEANUP_FINALIZER) !== true) return;
    const storage = record.key.name;
    const resource = this.#served.get(storage)?.resources[0];
    const left = store.latestOf(storage);
    if (left.length > 0 && resource !== undefined) {
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
    const record = this.context.store.get({
      resource: definitions.storage,
      namespace: '',
      name: storage,
    });
    if (record?.object.metadata.deletionTimestamp === undefined) return;
    this.context.queue.add(`definition/${storage}`, () => this.#settle(storage));
  }
}

function namesOf({ plural, singular, shortNames = [] }: DefinitionNames): string[] {
  return [plural, ...(singular === undefined ? [] : [singular]), ...shortNames];
}
