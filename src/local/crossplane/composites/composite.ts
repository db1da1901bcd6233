/** A composite resource as the engine reads it: Crossplane's own fields stand in `spec`, or in `spec.crossplane` since v2. */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { isRecord } from '../comparison.js';
import type { Scope, UpdatePolicy } from '../definitions/definition.js';

export interface Named {
  readonly name: string;
}

export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
}

export interface ResourceRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface ClaimRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Crossplane's own fields of a composite resource. */
export interface Machinery {
  readonly compositionRef?: Named;
  readonly compositionSelector?: LabelSelector;
  readonly compositionRevisionRef?: Named;
  readonly compositionRevisionSelector?: LabelSelector;
  readonly compositionUpdatePolicy?: UpdatePolicy;
  readonly resourceRefs?: readonly ResourceRef[];
  readonly claimRef?: ClaimRef;
  readonly writeConnectionSecretToRef?: Named & { readonly namespace: string };
}

export interface Composite extends KubernetesObject {
  spec?: Readonly<Record<string, unknown>>;
  status?: Readonly<Record<string, unknown>>;
}

export function machineryOf(composite: Composite, scope: Scope): Machinery {
  const spec = composite.spec ?? {};
  if (scope === 'LegacyCluster') return spec;
  return isRecord(spec.crossplane) ? spec.crossplane : {};
}

/** `spec` with these of Crossplane's fields, where this scope keeps them. */
export function machinerySpec(scope: Scope, fields: object): Record<string, unknown> {
  return scope === 'LegacyCluster' ? { ...fields } : { crossplane: fields };
}

/** What names the object in something that is applied to it. */
export function identityOf({ apiVersion, kind, metadata }: Stored): Composite {
  const { name, namespace } = metadata;
  return {
    apiVersion,
    kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
  };
}
