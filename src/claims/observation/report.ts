/** A claim's state for programs: a stable shape, with times as they are stored. */
import type { Waiting } from '../composition/waiting.js';
import { conditionOf, type KubernetesObject } from '../../support/kubernetes/objects.js';
import { firstCause, isBeingDeleted, reasonOf, type Cause } from './cause.js';
import type { ObservedClaim, ResourceRef } from './observe.js';

export interface ObjectReport {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  /** `True`, `False` or `Unknown`, as the condition says; `null` where nothing has been said. */
  readonly synced: string | null;
  readonly ready: string | null;
  readonly createdAt: string | null;
  readonly deleting: boolean;
  /** Why it is not synced or not ready; empty where it is both. */
  readonly reason: string;
}

export interface ClaimReport {
  readonly form: string;
  /** Synced and ready, and so is everything that it is made of. */
  readonly healthy: boolean;
  readonly cause: Cause | null;
  readonly claim: ObjectReport;
  readonly composite: ObjectReport | null;
  readonly resources: readonly ObjectReport[];
  readonly missing: readonly ResourceRef[];
  readonly waiting: readonly Waiting[];
  /** Kinds that the caller may not read. */
  readonly hidden: readonly string[];
}

export function reportOf(observed: ObservedClaim, waiting: readonly Waiting[]): ClaimReport {
  const { form, claim, composite, resources, missing, hidden } = observed;
  const cause = firstCause(observed, waiting) ?? null;
  return {
    form,
    healthy: cause === null,
    cause,
    claim: objectReport(claim),
    composite: composite === undefined ? null : objectReport(composite),
    resources: resources.map(objectReport),
    missing,
    waiting,
    hidden,
  };
}

function objectReport(object: KubernetesObject): ObjectReport {
  const { apiVersion, kind, metadata } = object;
  return {
    apiVersion,
    kind,
    name: metadata.name ?? '',
    namespace: metadata.namespace,
    synced: conditionOf(object, 'Synced')?.status ?? null,
    ready: conditionOf(object, 'Ready')?.status ?? null,
    createdAt: metadata.creationTimestamp ?? null,
    deleting: isBeingDeleted(object),
    reason: reasonOf(object),
  };
}
