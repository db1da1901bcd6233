/**
 * The API that a claim belongs to, in its two forms.
 *
 * `cluster`: a namespaced claim and a cluster-scoped composite, as in Crossplane 1.x; it composes `*.aws.upbound.io`.
 * `namespaced`: a namespaced composite, as in Crossplane 2.x; it composes `*.aws.m.upbound.io` beside itself.
 */
import type { Form } from '../managed/kind.js';

export const API_VERSION = 'v1alpha1';

export interface ResourceNames {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
}

export interface ClaimApi {
  readonly group: string;
  readonly composite: ResourceNames;
  /** What people apply, where that is not the composite itself. */
  readonly claim?: ResourceNames;
}

const PAYMENTS_DR = { kind: 'PaymentsDR', plural: 'paymentsdrs' } as const;

export const CLAIM_API = {
  cluster: {
    group: 'payments.example.org',
    composite: { kind: 'XPaymentsDR', plural: 'xpaymentsdrs' },
    claim: { ...PAYMENTS_DR, shortNames: ['pdr'] },
  },
  namespaced: {
    group: 'payments.m.example.org',
    composite: { ...PAYMENTS_DR, shortNames: ['pdrm'] },
  },
} as const satisfies Record<Form, ClaimApi>;

export function apiVersionOf(form: Form): string {
  return `${CLAIM_API[form].group}/${API_VERSION}`;
}
