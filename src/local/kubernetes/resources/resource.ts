/**
 * A resource: one kind in one version, as it is served, stored, validated and printed.
 *
 * `built-in/` declares those that every server has, `crds/` makes one of each served version of a
 * CustomResourceDefinition; the verbs know nothing but this.
 */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { FieldError } from '../http/status-error.js';
import type { JsonObject } from '../json/json.js';
import type { Nulls } from '../schema/pruning.js';
import type { Schema } from '../schema/schema.js';
import type { Column } from '../tables/columns.js';

export type Verb =
  'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** In the order in which discovery tells them of custom resources. */
export const CUSTOM_VERBS: readonly Verb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];

export const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** Where a custom resource keeps what autoscalers read and write, as in `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
  /** Where a built-in kind keeps its selector, which is an object there. */
  readonly selectorObjectPath?: string;
}

export interface ReadBody {
  readonly object: KubernetesObject;
  /** Paths of fields that the schema does not know, which were left out. */
  readonly unknownFields: readonly string[];
}

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly isNamespaced: boolean;
  readonly isCustom: boolean;
  readonly verbs: readonly Verb[];
  /** Group, version and kind in which objects are stored, as `apps/v1/Deployment`. */
  readonly storedAs: string;
  /** What the store calls it; all versions of a kind share it. */
  readonly storage: string;
  /** The schema of whole objects, metadata included. */
  readonly schema: Schema;
  readonly hasStatus: boolean;
  readonly scale: ScalePaths | undefined;
  readonly columns: readonly Column[];
  /** Fields beside name and namespace that a field selector can name. */
  readonly selectableFields: readonly string[];
  /** Said in a Warning header with every request, when the version is deprecated. */
  readonly deprecationWarning: string | undefined;
  /** Whether generation counts the changes of its spec. */
  readonly hasGeneration: boolean;
  /** Whether a PUT without a resourceVersion replaces what is there. */
  readonly allowsUnconditionalUpdate: boolean;
  /** Whether a PUT of what is not there creates it. */
  readonly allowsCreateOnUpdate: boolean;
  /** Why nothing can be created now, when that is so. */
  readonly creationRefusal: string | undefined;

  /** Brings a client's object into the types of the schema. Throws StatusError where it does not fit. */
  readBody(body: JsonObject, nulls?: Nulls): ReadBody;
  /** Fills in what a new object has beyond what was sent. */
  prepareCreate(object: KubernetesObject): KubernetesObject;
  /** Fills in what an update must keep. */
  prepareUpdate(object: KubernetesObject, live: Stored): KubernetesObject;
  /** The faults of an object; `live` is what it was, on updates. Of old faults that are let through it is only warned. */
  validate(
    object: KubernetesObject,
    live: Stored | undefined,
    warn: (message: string) => void,
  ): FieldError[];
  validateName(name: string): string | undefined;
  /** A stored object as this version shows it, and the other way. */
  fromStored(object: Stored): Stored;
  toStored(object: KubernetesObject): KubernetesObject;
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** What failures about objects of this resource name. */
export function subjectOf({ group, plural }: Resource, name?: string) {
  return { group, kind: plural, ...(name === undefined ? {} : { name }) };
}

/** What `Invalid` names: the kind instead of the plural. */
/** A kind that is stored as one of the core group is refused as that one. */
export function kindSubjectOf({ group, kind, storage }: Resource, name: string) {
  return { group: storage.includes('.') ? group : '', kind, name };
}
