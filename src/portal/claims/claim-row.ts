/**
 * A claim as a line of the list. Whatever the object lacks is shown as absent: an unknown status breaks no page.
 *
 * A composite that cannot be rendered changes nothing any more while its claim keeps its old Ready, so what it says counts first.
 */
import type { Form } from '../../model/managed/kind.js';
import {
  conditionOf,
  type KubernetesObject,
  type Stored,
} from '../../support/kubernetes/objects.js';
import type { ClaimRow, ConditionView } from '../contract.js';
import { claimKeyOf } from '../live/claim-kinds.js';

interface SpecShown {
  readonly environmentSuffix?: string;
  readonly regions?: { readonly primary?: string; readonly secondary?: string };
}

export function claimRowOf(
  form: Form,
  claim: Stored,
  composite: KubernetesObject | undefined,
): ClaimRow {
  const { environmentSuffix = '', regions } = (claim.spec ?? {}) as SpecShown;
  const { uid, creationTimestamp = '', deletionTimestamp } = claim.metadata;
  const rendered = composite === undefined ? null : conditionViewOf(composite, 'Synced');
  return {
    ...claimKeyOf(form, claim),
    uid,
    createdAt: creationTimestamp,
    isDeleting: deletionTimestamp !== undefined,
    environmentSuffix,
    primary: regions?.primary ?? '',
    secondary: regions?.secondary ?? '',
    synced: rendered?.status === 'False' ? rendered : conditionViewOf(claim, 'Synced'),
    ready: conditionViewOf(claim, 'Ready'),
  };
}

export function conditionViewOf(object: KubernetesObject, type: string): ConditionView | null {
  const condition = conditionOf(object, type);
  if (condition === undefined) return null;
  const { status, reason, message = '' } = condition;
  return { status, reason, message };
}
