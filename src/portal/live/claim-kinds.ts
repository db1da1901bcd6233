/** Where claims and what they are made of are served, known without asking: the definition is ours. */
import { API_VERSION, apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import type { ResourceType } from '../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../support/kubernetes/objects.js';
import type { ClaimKey } from '../contract.js';

const PAYMENTS_DR = CLAIM_API.namespaced.composite;

export const CLAIM_TYPES: Readonly<Record<Form, ResourceType>> = {
  cluster: { apiVersion: apiVersionOf('cluster'), ...CLAIM_API.cluster.claim, namespaced: true },
  namespaced: { apiVersion: apiVersionOf('namespaced'), ...PAYMENTS_DR, namespaced: true },
};

/** `payments.example.org/v1alpha1` in discovery and OpenAPI. */
export function apiPathOf(form: Form): string {
  return `apis/${CLAIM_API[form].group}/${API_VERSION}`;
}

export function isForm(text: string): text is Form {
  return (FORMS as readonly string[]).includes(text);
}

export function formatClaimKey({ form, namespace, name }: ClaimKey): string {
  return `${form}/${namespace}/${name}`;
}

export function claimKeyOf(form: Form, { metadata }: Stored): ClaimKey {
  return { form, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** The composite that the resources of a claim are labelled with; undefined until Crossplane has made it. */
export function compositeOf(form: Form, claim: KubernetesObject): string | undefined {
  if (form === 'namespaced')
    return `${claim.metadata.namespace ?? ''}/${claim.metadata.name ?? ''}`;
  const spec = claim.spec as { resourceRef?: { name?: string } } | undefined;
  const name = spec?.resourceRef?.name;
  return name === undefined ? undefined : `/${name}`;
}

/** The same, as a managed resource tells it. */
export function compositeOfResource({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.labels?.['crossplane.io/composite'] ?? ''}`;
}
