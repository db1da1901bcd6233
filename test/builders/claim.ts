/** Claims for tests: a valid one, of which a case says only what differs. */
import type { ClaimSpec } from '../../src/model/claim/spec.js';

export type ClaimObject = Readonly<Record<string, unknown>> & {
  readonly spec: Readonly<Record<string, unknown>>;
};

const SPEC = {
  environmentSuffix: 'dev',
  handler: { image: { registryId: '123456789012', repository: 'payment-processor', tag: '1.4.2' } },
  notifications: { email: 'payments-oncall@example.org' },
} as const satisfies ClaimSpec;

/** Fields of `spec` replace those of the valid claim; `undefined` takes one away. */
export function aClaim(spec: Readonly<Record<string, unknown>> = {}): ClaimObject {
  const merged = Object.entries<unknown>({ ...SPEC, ...spec }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    apiVersion: 'payments.example.org/v1alpha1',
    kind: 'PaymentsDR',
    metadata: { name: 'checkout', namespace: 'team-payments' },
    spec: Object.fromEntries(merged),
  };
}
