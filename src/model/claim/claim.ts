/** A claim as an object of the Kubernetes API, in either form. */
import type { ClaimSpec } from './spec.js';
import type { ClaimStatus } from './status.js';

export interface PaymentsDR {
  readonly apiVersion: string;
  readonly kind: 'PaymentsDR';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: ClaimSpec;
  readonly status?: ClaimStatus;
}
