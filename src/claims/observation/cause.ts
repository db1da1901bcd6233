/**
 * What holds a claim up: of everything that is not as it should be, the one to look at first.
 *
 * A composite that cannot be rendered comes first, for nothing changes until that is mended, however ready the rest looks
 * (the claim itself keeps its old Ready); before it what it cannot have because it is another claim's. Then what AWS or the provider refuses, and of that last what is refused only because
 * something else is not there yet. Then what is still being made, then what waits.
 */
import {
  conditionOf,
  formatKey,
  keyOf,
  type Condition,
  type KubernetesObject,
} from '../../support/kubernetes/objects.js';
import type { Waiting } from '../composition/waiting.js';
import type { ObservedClaim } from './observe.js';
import { otherOwnerOf } from './other-owner.js';

export interface Cause {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

/** `undefined` where nothing does: the claim is synced and ready, and so is all of it. */
export function firstCause(
  observed: ObservedClaim,
  waiting: readonly Waiting[],
): Cause | undefined {
  const { claim, composite, resources, missing } = observed;
  const wholes = composite === undefined ? [claim] : [composite, claim];
  const leaving = [...resources, ...wholes].filter(isBeingDeleted);
  return (
    first([...leaving], refusedOf) ??
    first(resources, (object) => takenCause(object, composite)) ??
    first(wholes, refusedOf) ??
    first(resources, refusedForItself) ??
    first(resources, refusedOf) ??
    first(leaving, deletionOf) ??
    first(resources, unreadyOf) ??
    missing.map((ref) => ({
      kind: ref.kind,
      name: ref.name ?? '',
      reason: 'Missing',
      message: 'it is referred to, and not there; Crossplane makes it again in its next pass',
    }))[0] ??
    waitingCause(waiting) ??
    first(wholes, unreadyOf)
  );
}

/** What a resource says of itself is true of its owner, and no good to a claim that cannot have it. */
export function takenCause(
  object: KubernetesObject,
  composite: KubernetesObject | undefined,
): Cause | undefined {
  const owner = otherOwnerOf(object, composite);
  if (owner === undefined) return undefined;
  const message = `it belongs to ${owner}: no two claims can have one environment`;
  return causeFrom(object, { reason: 'Taken', message });
}

/** Why it is not as it should be: what was said of the failing condition. */
export function reasonOf(object: KubernetesObject): string {
  const cause = refusedOf(object) ?? deletionOf(object) ?? unreadyOf(object);
  if (cause === undefined) return '';
  return cause.message === '' ? cause.reason : cause.message;
}

export function isBeingDeleted({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function first(
  objects: readonly KubernetesObject[],
  causeIn: (object: KubernetesObject) => Cause | undefined,
): Cause | undefined {
  return objects.flatMap((object) => causeIn(object) ?? [])[0];
}

function refusedOf(object: KubernetesObject): Cause | undefined {
  const synced = conditionOf(object, 'Synced');
  return synced?.status === 'False' ? causeFrom(object, synced) : undefined;
}

/** What a reference, or AWS, says of a resource whose neighbour is not there: the cause is with the neighbour. */
const OTHER_IS_MISSING =
  /\b(NoSuch[A-Z]\w*|\w*NotFoundException|NotFound)\b|referenced field was empty/;

function refusedForItself(object: KubernetesObject): Cause | undefined {
  const cause = refusedOf(object);
  return cause === undefined || OTHER_IS_MISSING.test(cause.message) ? undefined : cause;
}

/** Whatever is neither True nor known is not ready: a status that a later version writes must not pass for health. */
function unreadyOf(object: KubernetesObject): Cause | undefined {
  const ready = conditionOf(object, 'Ready');
  if (ready?.status === 'True') return undefined;
  return causeFrom(
    object,
    ready ?? { reason: 'Waiting', message: 'nothing has been said of it yet' },
  );
}

function deletionOf(object: KubernetesObject): Cause | undefined {
  if (!isBeingDeleted(object)) return undefined;
  const { finalizers = [] } = object.metadata;
  const message = `it is being deleted${finalizers.length === 0 ? '' : `; waits for ${finalizers.join(', ')}`}`;
  return causeFrom(object, { reason: 'Deleting', message });
}

function waitingCause([first]: readonly Waiting[]): Cause | undefined {
  if (first === undefined) return undefined;
  return {
    kind: first.kind,
    name: first.template,
    reason: 'Waiting',
    message: `it waits for ${first.for.map(({ field, from }) => (from === undefined ? field : `${field}, which ${from} reports`)).join(' and ')}`,
  };
}

function causeFrom(
  object: KubernetesObject,
  { reason, message = '' }: Pick<Condition, 'reason' | 'message'>,
): Cause {
  return { kind: object.kind, name: formatKey(keyOf(object)), reason, message };
}
