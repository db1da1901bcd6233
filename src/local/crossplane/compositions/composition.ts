/** Compositions and their revisions as the engine reads them. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import type { ResourceSelector } from '../functions/protocol.js';

export interface PipelineStep {
  readonly step: string;
  readonly functionRef: { readonly name: string };
  readonly input?: Readonly<Record<string, unknown>>;
  readonly credentials?: readonly StepCredentials[];
  readonly requirements?: {
    readonly requiredResources?: readonly RequiredResource[];
  };
}

export interface StepCredentials {
  readonly name: string;
  readonly source: 'None' | 'Secret';
  readonly secretRef?: { readonly name: string; readonly namespace: string };
}

export interface RequiredResource extends Pick<
  ResourceSelector,
  'apiVersion' | 'kind' | 'namespace'
> {
  readonly requirementName: string;
  readonly name?: string;
  readonly matchLabels?: Readonly<Record<string, string>>;
}

export interface CompositionSpec {
  readonly compositeTypeRef: { readonly apiVersion: string; readonly kind: string };
  readonly mode?: 'Pipeline';
  readonly pipeline: readonly PipelineStep[];
  readonly writeConnectionSecretsToNamespace?: string;
}

export interface Composition extends KubernetesObject {
  spec: CompositionSpec;
}

export interface CompositionRevision extends KubernetesObject {
  spec: CompositionSpec & { readonly revision: number };
}
