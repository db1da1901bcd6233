/** A CompositeResourceDefinition as the engine reads it, in its stored version v1, and what follows from it. */
import type { ResourceType } from '../../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import type { Column, Schema } from '../schemas/schema.js';

export type Scope = 'LegacyCluster' | 'Namespaced' | 'Cluster';
export type UpdatePolicy = 'Automatic' | 'Manual';
export type DeletePolicy = 'Background' | 'Foreground';

export interface Names {
  readonly kind: string;
  readonly plural: string;
  readonly listKind?: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  /** The version that compositions refer to, and in which objects are stored: one of them. */
  readonly referenceable: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly additionalPrinterColumns?: readonly Column[];
  readonly schema?: { readonly openAPIV3Schema?: Schema };
  readonly subresources?: { readonly scale?: Readonly<Record<string, string>> };
}

export interface Definition extends KubernetesObject {
  spec: {
    readonly group: string;
    readonly names: Names;
    readonly claimNames?: Names;
    readonly scope: Scope;
    readonly versions: readonly DefinitionVersion[];
    /** Only between versions of the same shape: conversion by webhook is refused by the schema. */
    readonly conversion?: { readonly strategy: 'None' };
    readonly connectionSecretKeys?: readonly string[];
    readonly defaultCompositionRef?: { readonly name: string };
    readonly defaultCompositionRevisionSelector?: {
      readonly matchLabels: Readonly<Record<string, string>>;
    };
    readonly enforcedCompositionRef?: { readonly name: string };
    readonly defaultCompositeDeletePolicy?: DeletePolicy;
    readonly defaultCompositionUpdatePolicy?: UpdatePolicy;
    readonly metadata?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
}

/** The version of the composite resources that the engine works with. */
export function referenceableVersion({ spec, metadata }: Definition): string {
  const [version, ...more] = spec.versions.filter(({ referenceable }) => referenceable);
  if (version === undefined || more.length > 0) {
    throw new Error(
      `CompositeResourceDefinition "${metadata.name ?? ''}" must have exactly one referenceable version`,
    );
  }
  return version.name;
}

export function compositeType(definition: Definition): ResourceType {
  const { group, names, scope } = definition.spec;
  return {
    apiVersion: `${group}/${referenceableVersion(definition)}`,
    kind: names.kind,
    plural: names.plural,
    namespaced: scope === 'Namespaced',
  };
}

/** The type of the claims, if the definition offers any. */
export function claimType(definition: Definition): ResourceType | undefined {
  const { group, claimNames } = definition.spec;
  if (claimNames === undefined) return undefined;
  return {
    apiVersion: `${group}/${referenceableVersion(definition)}`,
    kind: claimNames.kind,
    plural: claimNames.plural,
    namespaced: true,
  };
}
