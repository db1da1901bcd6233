/**
 * The CustomResourceDefinition of a managed kind, as the local provider installs it.
 *
 * A part of the real provider's: the same group, version, scope and conduct, and of its fields those that we use. What is
 * left out is unknown to the API server, which says so, rather than taken and ignored by the provider.
 */
import { list, object, text, type ObjectSchema, type Properties, type Schema } from '../schema.js';
import { CONDITIONS, OBJECT_FIELDS, type CustomResourceDefinition } from './custom-resource.js';
import { served, type Form, type ManagedKind } from './kind.js';
import { isReferenceField } from './references.js';

const CONDITION_STATUS = (type: string) => `.status.conditions[?(@.type=='${type}')].status`;

const PRINTER_COLUMNS = [
  { name: 'SYNCED', type: 'string', jsonPath: CONDITION_STATUS('Synced') },
  { name: 'READY', type: 'string', jsonPath: CONDITION_STATUS('Ready') },
  {
    name: 'EXTERNAL-NAME',
    type: 'string',
    jsonPath: '.metadata.annotations.crossplane\\.io/external-name',
  },
  { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' },
] as const;

export function crdOf(definition: ManagedKind, form: Form): CustomResourceDefinition {
  const { group, version, kind, plural } = served(definition, form);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        categories: ['crossplane', 'managed', 'aws'],
      },
      scope: form === 'cluster' ? 'Cluster' : 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: PRINTER_COLUMNS,
          schema: { openAPIV3Schema: managedSchema(definition, form) },
        },
      ],
    },
  };
}

/** The whole object's schema: what templates and patches of this kind may say. */
export function managedSchema(definition: ManagedKind, form: Form): ObjectSchema {
  return object(
    definition.description,
    { ...OBJECT_FIELDS, spec: specOf(definition, form), status: statusOf(definition) },
    { required: ['spec'] },
  );
}

function specOf({ forProvider, needs, identity = [] }: ManagedKind, form: Form): ObjectSchema {
  const asked = inForm(forProvider, form);
  const fixed = new Set([
    'region',
    ...identity.flatMap((field) => [field, `${field}Ref`, `${field}Selector`]),
  ]);
  const initial = Object.entries(asked.properties).filter(([field]) => !fixed.has(field));
  return object(
    'What is asked for.',
    {
      forProvider: asked,
      initProvider: object(
        'Values for the creation only: later differences are left alone.',
        Object.fromEntries(initial),
      ),
      managementPolicies: list(
        'What the provider may do to the resource in AWS.',
        text('One right, or * for all.', {
          enum: ['Observe', 'Create', 'Update', 'Delete', 'LateInitialize', '*'],
        }),
        { default: ['*'] },
      ),
      ...FORM_FIELDS[form],
    },
    {
      required: ['forProvider'],
      ...(needs.length === 0 ? {} : { 'x-kubernetes-validations': needs.map(needed) }),
    },
  );
}

/** A required field may be missing only from a resource that is never written. */
function needed(field: string) {
  const writes = ["'*'", "'Create'", "'Update'"].map(
    (right) => `${right} in self.managementPolicies`,
  );
  const given = `has(self.forProvider.${field}) || (has(self.initProvider) && has(self.initProvider.${field}))`;
  return {
    rule: `!(${writes.join(' || ')}) || ${given}`,
    message: `spec.forProvider.${field} is a required parameter`,
  };
}

function statusOf({ forProvider, observed }: ManagedKind): ObjectSchema {
  return object('What the provider has seen.', {
    atProvider: object(
      'The resource as it is in AWS.',
      merge(valuesOf(forProvider.properties), observed),
    ),
    conditions: CONDITIONS,
    lastHandledReconcileAt: text(
      'The latest crossplane.io/reconcile-requested-at that the provider has acted on.',
    ),
  });
}

const name = text('The name.');

const FORM_FIELDS: Readonly<Record<Form, Properties>> = {
  cluster: {
    deletionPolicy: text('Whether the resource in AWS is deleted with this object.', {
      enum: ['Orphan', 'Delete'],
      default: 'Delete',
    }),
    providerConfigRef: object(
      'The ProviderConfig with the credentials.',
      { name },
      {
        required: ['name'],
        default: { name: 'default' },
      },
    ),
    writeConnectionSecretToRef: object(
      'The Secret that connection details go to.',
      { name, namespace: text('Its namespace.') },
      {
        required: ['name', 'namespace'],
      },
    ),
  },
  namespaced: {
    providerConfigRef: object(
      'The configuration with the credentials.',
      { kind: text('ClusterProviderConfig or ProviderConfig.'), name },
      {
        required: ['kind', 'name'],
        default: { kind: 'ClusterProviderConfig', name: 'default' },
      },
    ),
    writeConnectionSecretToRef: object(
      'The Secret that connection details go to.',
      { name },
      { required: ['name'] },
    ),
  },
};

/** In the namespaced form a reference may say in which namespace the other resource is. */
function inForm<S extends Schema>(schema: S, form: Form): S {
  if (form === 'cluster') return schema;
  return mapProperties(schema, (field, property) => {
    const inner = inForm(property, form);
    if (!isReferenceField(field) || !('properties' in inner)) return inner;
    const namespace = text('The namespace it is in; by default that of this object.');
    return { ...inner, properties: { ...inner.properties, namespace } };
  });
}

/** The properties without the means of reference: AWS knows only values. */
function valuesOf(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([field]) => !isReferenceField(field))
      .map(([field, schema]) => [field, withoutReferences(schema)]),
  );
}

function withoutReferences(schema: Schema): Schema {
  if ('items' in schema) return { ...schema, items: withoutReferences(schema.items) };
  return 'properties' in schema ? { ...schema, properties: valuesOf(schema.properties) } : schema;
}

function mapProperties<S extends Schema>(
  schema: S,
  change: (field: string, schema: Schema) => Schema,
): S {
  if ('items' in schema) return { ...schema, items: mapProperties(schema.items, change) };
  if (!('properties' in schema)) return schema;
  const entries = Object.entries(schema.properties);
  return {
    ...schema,
    properties: Object.fromEntries(entries.map(([field, inner]) => [field, change(field, inner)])),
  };
}

function merge(one: Properties, other: Properties): Properties {
  const merged = Object.entries(other).map(
    ([field, schema]) => [field, mergeSchema(one[field], schema)] as const,
  );
  return { ...one, ...Object.fromEntries(merged) };
}

function mergeSchema(one: Schema | undefined, other: Schema): Schema {
  if (one === undefined) return other;
  if ('items' in one && 'items' in other)
    return { ...one, items: mergeSchema(one.items, other.items) };
  if ('properties' in one && 'properties' in other) {
    return { ...one, properties: merge(one.properties, other.properties) };
  }
  return other;
}
