/** Where claims and what they are made of are served, known without asking: the definition is ours. */
import { API_VERSION, apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import type { ResourceType } from '../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../support/kubernetes/objects.js';
import type { ClaimKey } from '../contract.js';
import { COMPOSITE_LABEL } from './shown.js';

const PAYMENTS_DR = CLAIM_API.namespaced.composite;

export const CLAIM_TYPES: Readonly<Record<Form, ResourceType>> = {
  cluster: { apiVersion: apiVersionOf('cluster'), ...CLAIM_API.cluster.claim, namespaced: true },
  namespaced: { apiVersion: apiVersionOf('namespaced'), ...PAYMENTS_DR, namespaced: true },
};

/** What stands behind a claim of the cluster form; in the namespaced form a claim is its own composite. */
export const COMPOSITES: ResourceType = {
  apiVersion: apiVersionOf('cluster'),
  ...CLAIM_API.cluster.composite,
  namespaced: false,
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

/** The other way round. */
export function parseClaimKey(key: string): ClaimKey {
  const [form = '', namespace = '', name = ''] = key.split('/');
  return { form: isForm(form) ? form : 'cluster', namespace, name };
}

/** The claim that a composite was made for. */
export function claimKeyOfComposite({ spec }: KubernetesObject): ClaimKey {
  const { claimRef } = (spec ?? {}) as { claimRef?: { namespace?: string; name?: string } };
  return { form: 'cluster', namespace: claimRef?.namespace ?? '', name: claimRef?.name ?? '' };
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
  return `${metadata.namespace ?? ''}/${metadata.labels?.[COMPOSITE_LABEL] ?? ''}`;
}
