/** What `metadata` may hold, in any kind: the fields of metav1.ObjectMeta, with the words that `kubectl explain` shows. */
import type { Schema } from './schema.js';

const text = (description: string): Schema => ({ type: 'string', description });
const stringMap = (description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string' },
});
const time = (description: string): Schema => ({
  type: 'string',
  format: 'date-time',
  description,
});

const OWNER_REFERENCE: Schema = {
  type: 'object',
  goType: 'OwnerReference',
  description: 'Names an object that this one belongs to.',
  required: ['apiVersion', 'kind', 'name', 'uid'],
  'x-kubernetes-map-type': 'atomic',
  properties: {
    apiVersion: text('API version of the owner.'),
    kind: text('Kind of the owner.'),
    name: text('Name of the owner.'),
    uid: text('UID of the owner.'),
    controller: {
      type: 'boolean',
      isPointer: true,
      description: 'Whether the owner is the managing controller.',
    },
    blockOwnerDeletion: {
      type: 'boolean',
      isPointer: true,
      description: 'Whether a foreground deletion of the owner waits for this object.',
    },
  },
};

const MANAGED_FIELDS: Schema = {
  type: 'object',
  description: 'The fields that one manager set through one version of the API.',
  properties: {
    manager: text('Who manages the fields.'),
    operation: text('Apply or Update.'),
    apiVersion: text('The version in which the fields are named.'),
    time: time('When the set of fields last changed.'),
    fieldsType: text('Always FieldsV1.'),
    fieldsV1: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    subresource: text('The subresource through which the fields were written.'),
  },
};

export const OBJECT_META: Schema = {
  type: 'object',
  description: 'What every stored object has: its name, its identity, its labels.',
  properties: {
    name: text('The name, unique among the objects of its kind and namespace. Cannot be changed.'),
    generateName: text('A prefix from which the server makes a unique name when name is empty.'),
    namespace: text('The namespace in which the name is unique. Cannot be changed.'),
    selfLink: text('Deprecated; no longer set.'),
    uid: text('Tells apart objects that had the same name at different times. Set by the server.'),
    resourceVersion: text(
      'Changes with every write. Send it back to refuse a write over changes of others.',
    ),
    generation: {
      type: 'integer',
      format: 'int64',
      description: 'Counts the changes of the desired state. Set by the server.',
    },
    creationTimestamp: time('When the object was created. Set by the server.'),
    deletionTimestamp: time(
      'When deletion was asked for; the object goes once its finalizers are gone.',
    ),
    deletionGracePeriodSeconds: {
      type: 'integer',
      isPointer: true,
      format: 'int64',
      description: 'How long the object is given to end. Set by the server.',
    },
    labels: stringMap('Names and values by which objects are selected.'),
    annotations: stringMap('Names and values that tools keep with the object.'),
    ownerReferences: {
      type: 'array',
      description: 'Objects that this one belongs to; it is deleted when all of them are gone.',
      items: OWNER_REFERENCE,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'uid',
    },
    finalizers: {
      type: 'array',
      description: 'Each must be removed by its owner before the object is deleted.',
      items: { type: 'string' },
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    },
    managedFields: {
      type: 'array',
      description: 'Who manages which fields. Set by the server.',
      items: MANAGED_FIELDS,
      'x-kubernetes-list-type': 'atomic',
    },
  },
};

export const TYPE_META = {
  apiVersion: text('The version of the schema of this object.'),
  kind: text('The kind of this object.'),
} as const satisfies Record<string, Schema>;
