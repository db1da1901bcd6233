/**
 * Whose a resource is, where it is not the claim's own: two claims of one environment want the same resources, and Crossplane
 * leaves each of them to whoever had it first.
 */
import type { KubernetesObject } from '../../support/kubernetes/objects.js';

/** `undefined` where it is the composite's own, nobody's, or there is no composite yet. */
export function otherOwnerOf(
  { metadata }: KubernetesObject,
  composite: KubernetesObject | undefined,
): string | undefined {
  const { ownerReferences = [], labels = {} } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner === undefined || composite === undefined) return undefined;
  if (owner.uid === composite.metadata.uid) return undefined;
  const claim = [labels['crossplane.io/claim-namespace'], labels['crossplane.io/claim-name']];
  return claim.includes(undefined)
    ? `${owner.kind} ${owner.name}`
    : `PaymentsDR ${claim.join('/')}`;
}
