/**
 * Whose a resource is, where it is not the claim's own: two claims of one environment want the same resources, and Crossplane
 * leaves each of them to whoever had it first.
 */
import { CLAIM_NAME_LABEL, CLAIM_NAMESPACE_LABEL } from '../../model/labels.js';
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
  const claim = [labels[CLAIM_NAMESPACE_LABEL], labels[CLAIM_NAME_LABEL]];
  return claim.includes(undefined)
    ? `${owner.kind} ${owner.name}`
    : `PaymentsDR ${claim.join('/')}`;
}
