/**
 * Built-in kinds: what they share. Each file beside this one declares the kinds of a group; `catalogue.ts` lists them.
 *
 * Their schemas are in the form of a CustomResourceDefinition's, in our own words, so that one code decodes, merges,
 * explains and tracks built-in and custom kinds alike.
 */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { JsonObject } from '../json/json.js';
import { faultOfSubdomain } from '../resources/names.js';
import { ALL_VERBS, type Resource } from '../resources/resource.js';
import { decode, DecodeError, DecodeFailure } from '../schema/decode.js';
import { OBJECT_META, TYPE_META } from '../schema/object-meta.js';
import type { Schema } from '../schema/schema.js';
import { AGE_COLUMN, NAME_COLUMN, type Cell, type Column } from '../tables/columns.js';

export interface BuiltInKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly description: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly isNamespaced?: boolean;
  readonly storage?: string;
  /** The fields beside apiVersion, kind and metadata. */
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** @default all */
  readonly verbs?: Resource['verbs'];
  readonly hasStatus?: boolean;
  readonly hasGeneration?: boolean;
  /** @default Name and Age */
  readonly columns?: readonly Column[];
  readonly selectableFields?: readonly string[];
  /** @default true */
  readonly allowsUnconditionalUpdate?: boolean;
  readonly allowsCreateOnUpdate?: boolean;
  readonly scale?: Resource['scale'];
  readonly prepareCreate?: (object: KubernetesObject) => KubernetesObject;
  readonly prepareUpdate?: (object: KubernetesObject, live: Stored) => KubernetesObject;
  /** Runs after decoding: what can be told of one object without the one before it. */
  readonly normalize?: (object: KubernetesObject) => KubernetesObject;
  readonly validate?: Resource['validate'];
  readonly validateName?: (name: string) => string | undefined;
  readonly fromStored?: (object: Stored) => Stored;
  readonly toStored?: (object: KubernetesObject) => KubernetesObject;
}

const same = <T>(object: T): T => object;

export function builtIn(kind: BuiltInKind): Resource {
  const schema: Schema = {
    type: 'object',
    description: kind.description,
    ...(kind.required === undefined ? {} : { required: kind.required }),
    properties: { ...TYPE_META, metadata: OBJECT_META, ...kind.properties },
  };
  const { normalize = same } = kind;
  return {
    group: kind.group,
    version: kind.version,
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    plural: kind.plural,
    singular: kind.kind.toLowerCase(),
    shortNames: kind.shortNames ?? [],
    categories: kind.categories ?? [],
    isNamespaced: kind.isNamespaced ?? true,
    isCustom: false,
    verbs: kind.verbs ?? ALL_VERBS,
    // Kinds that share a storage share how they are stored there.
    storedAs: `${kind.storage === undefined ? kind.group : ''}/${kind.version}/${kind.kind}`,
    storage: kind.storage ?? (kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`),
    schema,
    hasStatus: kind.hasStatus ?? false,
    scale: kind.scale,
    columns: kind.columns ?? [NAME_COLUMN, AGE_COLUMN],
    selectableFields: kind.selectableFields ?? [],
    deprecationWarning: undefined,
    hasGeneration: kind.hasGeneration ?? false,
    allowsUnconditionalUpdate: kind.allowsUnconditionalUpdate ?? true,
    allowsCreateOnUpdate: kind.allowsCreateOnUpdate ?? false,
    creationRefusal: undefined,
    readBody: (body) => {
      try {
        const { value, unknownFields } = decode(body, schema, kind.kind);
        return { object: normalize(withTypeFirst(value)), unknownFields };
      } catch (error) {
        if (error instanceof DecodeError) throw new DecodeFailure(kind.kind, kind.version, error);
        throw error;
      }
    },
    prepareCreate: kind.prepareCreate ?? same,
    prepareUpdate: kind.prepareUpdate ?? same,
    validate: kind.validate ?? (() => []),
    validateName: kind.validateName ?? faultOfSubdomain,
    fromStored: kind.fromStored ?? same,
    toStored: kind.toStored ?? same,
  };
}

/** Built-in kinds begin with kind and apiVersion, which lists leave out of their items. */
function withTypeFirst({ kind, apiVersion, metadata, ...rest }: JsonObject): KubernetesObject {
  return { kind, apiVersion, metadata: metadata ?? {}, ...rest } as unknown as KubernetesObject;
}

/** A field that only some kinds have; the caller knows its type from the kind's schema. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- saves a cast at each of the places that read a field
export function fieldOf<T>(object: KubernetesObject, key: string): T | undefined {
  return (object as unknown as JsonObject)[key] as T | undefined;
}

export function column(
  name: string,
  cell: (object: KubernetesObject) => Cell,
  type = 'string',
): Column {
  return { name, type, description: `${name} of the object.`, priority: 0, cell };
}

export const text = (description: string): Schema => ({ type: 'string', description });
export const flag = (description: string): Schema => ({ type: 'boolean', description });
export const int32 = (description: string): Schema => ({
  type: 'integer',
  format: 'int32',
  description,
});
/** A struct of Go, which is there even where nothing is said in it. */
export const struct = (
  goType: string,
  description: string,
  properties: Record<string, Schema>,
  required?: readonly string[],
): Schema => ({ ...object(description, properties, required), goType });
/** What Go holds by pointer: kept as it is sent, zero or not. */
export const pointer = (schema: Schema): Schema => ({ ...schema, isPointer: true });
/** Shown even where it is zero. */
export const always = (schema: Schema): Schema => ({ ...schema, isAlwaysShown: true });
/** In whole seconds. */
export const time = (description: string): Schema => ({
  type: 'string',
  format: 'date-time',
  description,
});
export const microTime = (description: string): Schema => ({
  ...time(description),
  goType: 'MicroTime',
});
export const list = (description: string, items: Schema): Schema => ({
  type: 'array',
  description,
  items,
});
export const object = (
  description: string,
  properties: Record<string, Schema>,
  required?: readonly string[],
): Schema => ({
  type: 'object',
  description,
  properties,
  ...(required === undefined ? {} : { required }),
});
export const free = (description: string): Schema => ({
  type: 'object',
  description,
  'x-kubernetes-preserve-unknown-fields': true,
});
export const mapOf = (description: string, additionalProperties: Schema): Schema => ({
  type: 'object',
  description,
  additionalProperties,
});
/** A list whose items are told apart by keys, in applies and in strategic merge patches (by the first key). */
export const keyedList = (
  description: string,
  items: Schema,
  ...keys: [string, ...string[]]
): Schema => ({
  type: 'array',
  description,
  items,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
  'x-kubernetes-patch-strategy': 'merge',
  'x-kubernetes-patch-merge-key': keys[0],
});

export const CONDITIONS: Schema = keyedList(
  'What is known of the state of the object.',
  object(
    'One thing that is known of the state of the object.',
    {
      type: text('What it is about.'),
      status: text('True, False or Unknown.'),
      reason: text('Why, in one word.'),
      message: text('Why, in a sentence.'),
      observedGeneration: {
        type: 'integer',
        format: 'int64',
        description: 'The generation that was seen.',
      },
      lastTransitionTime: time('When the status last changed.'),
      lastUpdateTime: time('When it was last written.'),
      lastProbeTime: time('When it was last looked at.'),
    },
    ['type', 'status'],
  ),
  'type',
);
