/**
 * The CRDs that a CompositeResourceDefinition makes: of its composite resources, and of their claims.
 *
 * Of the author's schema the description and the rules of the whole, the fields and rules of `spec` and `status`, and a
 * shorter `metadata.name` are taken over; Crossplane's own fields win over the author's of the same name. The definition's
 * labels become the CRDs' too.
 */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { isRecord } from '../comparison.js';
import { ageColumn, conditionColumn, text, type Column, type Schema } from '../schemas/schema.js';
import type { Definition, DefinitionVersion, Names } from './definition.js';
import { claimSpecFields, compositeSpecFields, statusFields } from './machinery-schemas.js';

/** The author's definition cannot be made into a CRD. */
export class RenderError extends Error {}

const WHOSE = { composite: 'Composite Resource', claim: 'Composite Resource Claim' } as const;

/** A name becomes the value of a label. */
const MAX_NAME_LENGTH = 63;

type Properties = Readonly<Record<string, Schema>>;

interface Machinery {
  /** Of the CRD. The API server refuses any but the plural with the group. */
  readonly name: string;
  readonly names: Names;
  readonly category: 'composite' | 'claim';
  readonly namespaced: boolean;
  readonly columns: readonly Column[];
  readonly spec: Properties;
  readonly status: Properties;
}

export function compositeCrd(definition: Stored<Definition>): KubernetesObject {
  const { names, scope, defaultCompositionUpdatePolicy } = definition.spec;
  const machinery = scope === 'LegacyCluster' ? '.spec' : '.spec.crossplane';
  return crd(definition, {
    name: definition.metadata.name,
    names,
    category: 'composite',
    namespaced: scope === 'Namespaced',
    columns: [
      conditionColumn('SYNCED', 'Synced'),
      conditionColumn('READY', 'Ready'),
      { name: 'COMPOSITION', type: 'string', jsonPath: `${machinery}.compositionRef.name` },
      {
        name: 'COMPOSITIONREVISION',
        type: 'string',
        jsonPath: `${machinery}.compositionRevisionRef.name`,
        priority: 1,
      },
      ageColumn,
    ],
    spec: compositeSpecFields(scope, defaultCompositionUpdatePolicy),
    status: statusFields(scope),
  });
}

export function claimCrd(definition: Stored<Definition>): KubernetesObject | undefined {
  const { claimNames, scope, defaultCompositeDeletePolicy } = definition.spec;
  if (claimNames === undefined) return undefined;
  refuseSharedNames(claimNames, definition.spec.names);
  return crd(definition, {
    name: `${claimNames.plural}.${definition.spec.group}`,
    names: claimNames,
    category: 'claim',
    namespaced: true,
    columns: [
      conditionColumn('SYNCED', 'Synced'),
      conditionColumn('READY', 'Ready'),
      {
        name: 'CONNECTION-SECRET',
        type: 'string',
        jsonPath: '.spec.writeConnectionSecretToRef.name',
      },
      ageColumn,
    ],
    spec: claimSpecFields(defaultCompositeDeletePolicy),
    status: statusFields(scope),
  });
}

function refuseSharedNames(claim: Names, composite: Names): void {
  for (const field of ['kind', 'plural', 'singular', 'listKind'] as const) {
    const name = claim[field];
    if (name !== undefined && name === composite[field]) {
      throw new RenderError(
        `invalid resource claim names: "${name}" conflicts with composite resource name`,
      );
    }
  }
}

function crd(definition: Stored<Definition>, machinery: Machinery): KubernetesObject {
  const { names, category } = machinery;
  const { group, versions, metadata, conversion } = definition.spec;
  const labels = { ...definition.metadata.labels, ...metadata?.labels };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: machinery.name,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(metadata?.annotations === undefined ? {} : { annotations: { ...metadata.annotations } }),
      ownerReferences: [
        {
          apiVersion: definition.apiVersion,
          kind: definition.kind,
          name: definition.metadata.name,
          uid: definition.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      group,
      scope: machinery.namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind: names.kind,
        listKind: names.listKind ?? `${names.kind}List`,
        plural: names.plural,
        singular: names.singular ?? names.kind.toLowerCase(),
        ...(names.shortNames === undefined ? {} : { shortNames: names.shortNames }),
        categories: [...(names.categories ?? []), category],
      },
      versions: versions.map((version) => {
        if (version.schema?.openAPIV3Schema === undefined) {
          throw new RenderError(
            `cannot generate CRD for "${WHOSE[category]}" "${definition.metadata.name}": custom resource validation cannot be nil`,
          );
        }
        return crdVersion(version, version.schema.openAPIV3Schema, machinery);
      }),
      ...(conversion === undefined ? {} : { conversion: { strategy: conversion.strategy } }),
    },
  };
}

function crdVersion(
  version: DefinitionVersion,
  schema: Schema,
  machinery: Machinery,
): Record<string, unknown> {
  const { deprecated, deprecationWarning, subresources } = version;
  return {
    name: version.name,
    served: version.served,
    storage: version.referenceable,
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(deprecationWarning === undefined ? {} : { deprecationWarning }),
    additionalPrinterColumns: [...(version.additionalPrinterColumns ?? []), ...machinery.columns],
    schema: { openAPIV3Schema: schemaOf(schema, machinery) },
    subresources: {
      ...(subresources?.scale === undefined ? {} : { scale: subresources.scale }),
      status: {},
    },
  };
}

function schemaOf(author: Schema, machinery: Machinery): Schema {
  return {
    type: 'object',
    ...pick(author, 'description', 'x-kubernetes-validations'),
    required: ['spec'],
    properties: {
      apiVersion: text,
      kind: text,
      metadata: { type: 'object', properties: { name: nameSchema(author) } },
      spec: {
        ...pick(child(author, 'spec'), 'x-kubernetes-preserve-unknown-fields'),
        ...part(author, 'spec', machinery.spec),
      },
      status: part(author, 'status', machinery.status),
    },
  };
}

function part(author: Schema, name: 'spec' | 'status', machinery: Properties): Schema {
  const own = child(author, name);
  return {
    type: 'object',
    ...pick(own, 'description', 'required', 'oneOf', 'x-kubernetes-validations'),
    properties: { ...(isRecord(own.properties) ? own.properties : {}), ...machinery },
  };
}

function nameSchema(author: Schema): Schema {
  const { maxLength } = child(child(author, 'metadata'), 'name');
  return {
    ...text,
    maxLength:
      typeof maxLength === 'number' ? Math.min(maxLength, MAX_NAME_LENGTH) : MAX_NAME_LENGTH,
  };
}

function child(schema: Schema, name: string): Schema {
  const { properties } = schema;
  const found = isRecord(properties) ? properties[name] : undefined;
  return isRecord(found) ? found : {};
}

function pick(schema: Schema, ...keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => keys.includes(key)));
}
