/** A managed resource: a Kubernetes object that stands for one resource in AWS, in either form of the provider's API. */
import type {
  Condition,
  KubernetesObject,
  ObjectMeta,
  Stored,
} from '../../../support/kubernetes/objects.js';

export const FINALIZER = 'finalizer.managedresource.crossplane.io';

export const ANNOTATIONS = {
  externalName: 'crossplane.io/external-name',
  paused: 'crossplane.io/paused',
  createPending: 'crossplane.io/external-create-pending',
  createSucceeded: 'crossplane.io/external-create-succeeded',
  createFailed: 'crossplane.io/external-create-failed',
} as const;

export interface ManagedSpec {
  readonly forProvider?: Record<string, unknown>;
  /** Values for creation only: later changes of them, in AWS or here, are nobody's business. */
  readonly initProvider?: Record<string, unknown>;
  readonly providerConfigRef?: { readonly name: string; readonly kind?: string };
  readonly deletionPolicy?: 'Delete' | 'Orphan';
  readonly managementPolicies?: readonly string[];
  readonly writeConnectionSecretToRef?: unknown;
}

export interface ManagedStatus {
  readonly atProvider?: Record<string, unknown>;
  readonly conditions?: readonly Condition[];
  readonly lastHandledReconcileAt?: string;
}

export interface ManagedObject extends KubernetesObject {
  spec?: ManagedSpec;
  status?: ManagedStatus;
}

export type Managed = Stored<ManagedObject>;

export function externalNameOf(resource: { metadata: ObjectMeta }): string {
  return resource.metadata.annotations?.[ANNOTATIONS.externalName] ?? '';
}

export function isBeingDeleted(resource: { metadata: ObjectMeta }): boolean {
  return resource.metadata.deletionTimestamp !== undefined;
}
