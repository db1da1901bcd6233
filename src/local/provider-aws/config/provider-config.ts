/**
 * ProviderConfigs: which credentials and endpoints a managed resource's calls use.
 *
 * The cluster-scoped form names a `ProviderConfig` of `aws.upbound.io`; the namespaced one a `ProviderConfig` of its own
 * namespace or a `ClusterProviderConfig`, both of `aws.m.upbound.io`. The specification is the same in all three.
 */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { Form } from '../../../model/managed/kind.js';
import type { Managed } from '../managed/managed-resource.js';

export interface SecretKeyRef {
  readonly name: string;
  readonly namespace?: string;
  readonly key: string;
}

export interface TokenConfig {
  readonly source: 'Secret' | 'Filesystem';
  readonly secretRef?: SecretKeyRef;
  readonly fs?: { readonly path: string };
}

export interface RoleToAssume {
  readonly roleARN: string;
  readonly externalID?: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly transitiveTagKeys?: readonly string[];
}

export interface Endpoint {
  readonly source?: 'ServiceMetadata' | 'Custom';
  readonly services?: readonly string[];
  readonly hostnameImmutable?: boolean;
  readonly partitionId?: string;
  readonly signingRegion?: string;
  readonly signingName?: string;
  readonly signingMethod?: string;
  readonly url: {
    readonly type: 'Static' | 'Dynamic' | 'Auto';
    readonly static?: string;
    readonly dynamic?: { readonly protocol: string; readonly host: string };
  };
}

export interface ProviderConfigSpec {
  readonly credentials: {
    readonly source:
      | 'None'
      | 'Secret'
      | 'IRSA'
      | 'WebIdentity'
      | 'PodIdentity'
      | 'Upbound'
      | 'Environment'
      | 'Filesystem';
    readonly secretRef?: SecretKeyRef;
    readonly env?: { readonly name: string };
    readonly fs?: { readonly path: string };
    readonly webIdentity?: {
      readonly roleARN?: string;
      readonly roleSessionName?: string;
      readonly tokenConfig?: TokenConfig;
    };
  };
  readonly assumeRoleChain?: readonly RoleToAssume[];
  readonly endpoint?: Endpoint;
  readonly reconciliationPolicy?: unknown;
  readonly s3_use_path_style?: boolean;
  // Nothing is validated before it is used, so there is nothing for these to skip.
  readonly skip_credentials_validation?: boolean;
  readonly skip_region_validation?: boolean;
  readonly skip_requesting_account_id?: boolean;
  readonly skip_metadata_api_check?: boolean;
}

export interface ProviderConfigObject extends KubernetesObject {
  spec: ProviderConfigSpec;
  status?: { readonly users?: number };
}

export type ProviderConfig = Stored<ProviderConfigObject>;

export const CONFIG_API_VERSION: Readonly<Record<Form, string>> = {
  cluster: 'aws.upbound.io/v1beta1',
  namespaced: 'aws.m.upbound.io/v1beta1',
};

export interface ConfigReference {
  readonly kind: 'ProviderConfig' | 'ClusterProviderConfig';
  readonly name: string;
}

/** What the resource refers to, with the defaults of its form's schema. */
export function configReferenceOf(resource: Managed, form: Form): ConfigReference {
  const ref = resource.spec?.providerConfigRef;
  if (form === 'cluster') return { kind: 'ProviderConfig', name: ref?.name ?? 'default' };
  const kind = ref?.kind ?? 'ClusterProviderConfig';
  if (kind !== 'ProviderConfig' && kind !== 'ClusterProviderConfig') {
    const { namespace = '', name } = resource.metadata;
    throw new Error(
      `referenced provider config kind "${kind}" is invalid for ${namespace}/${name}`,
    );
  }
  return { kind, name: ref?.name ?? 'default' };
}

/** The namespace in which the configuration and, in the namespaced form, its secrets are looked up. */
export function configNamespaceOf(
  resource: Managed,
  { kind }: ConfigReference,
  form: Form,
): string | undefined {
  return form === 'namespaced' && kind === 'ProviderConfig'
    ? resource.metadata.namespace
    : undefined;
}
