/** A claim as the engine reads it: the author's fields, and Crossplane's own beside them. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import type { LabelSelector, Named } from '../composites/composite.js';
import type { DeletePolicy, UpdatePolicy } from '../definitions/definition.js';

export interface ClaimSpec {
  readonly compositeDeletePolicy?: DeletePolicy;
  readonly compositionRef?: Named;
  readonly compositionRevisionRef?: Named;
  readonly compositionRevisionSelector?: LabelSelector;
  readonly compositionSelector?: LabelSelector;
  readonly compositionUpdatePolicy?: UpdatePolicy;
  readonly resourceRef?: Named & { readonly apiVersion: string; readonly kind: string };
  readonly writeConnectionSecretToRef?: Named;
  readonly [field: string]: unknown;
}

export interface Claim extends KubernetesObject {
  spec: ClaimSpec;
  status?: Readonly<Record<string, unknown>>;
}

/** Of the claim alone: they say how it is bound, and never reach the composite resource. */
const BINDING_FIELDS = [
  'compositeDeletePolicy',
  'resourceRef',
  'writeConnectionSecretToRef',
  'compositionRef',
  'compositionRevisionRef',
];

/** The fields of a claim's spec that its composite resource gets as they are. */
export function propagatedSpec(spec: ClaimSpec): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(spec).filter(([field]) => !BINDING_FIELDS.includes(field)),
  );
}
