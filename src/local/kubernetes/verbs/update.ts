/** PUT of an object or of its status; and the keeping of any changed object, which patches share. */
import { shownObject } from '../resources/shown.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { refuseEscalation } from '../access/escalation.js';
import { conflict, MODIFIED, notFound } from '../http/status-error.js';
import { subjectOf } from '../resources/resource.js';
import { StoredRecord, versioned } from '../storage/record.js';
import { admitUpdate, type Manager } from './admission.js';
import { readObject } from './body.js';
import { asStored, keyOf, objectAnswer, type Answer, type Call } from './call.js';
import { createObject } from './create.js';
import { readWriteOptions } from './options.js';
import { reviewUpdate } from './review.js';

export async function update(call: Call): Promise<Answer> {
  const { plane, resource, name } = call;
  const options = readWriteOptions(call, 'UpdateOptions');
  const sent = await readObject(call, options);
  const live = plane.store.latest(keyOf(call, name));
  if (live === undefined) {
    if (!resource.allowsCreateOnUpdate || call.subresource !== '')
      throw notFound(subjectOf(resource, name));
    if ((sent.metadata.resourceVersion ?? '') !== '')
      throw conflict(subjectOf(resource, name), MODIFIED);
    return createObject(call, sent, options, options.isDryRun);
  }
  return replace(call, live, sent, options, options.isDryRun);
}

/** Keeps `sent` in the place of `live`; an object that was waiting for its last finalizer goes with it. */
export async function replace(
  call: Call,
  live: StoredRecord,
  sent: KubernetesObject,
  manager: Manager,
  isDryRun: boolean,
  review: typeof reviewUpdate = reviewUpdate,
): Promise<Answer> {
  const { plane, resource } = call;
  const shown = shownObject(resource, live);
  const admitted = admitUpdate(call, sent, shown, manager);
  refuseEscalation(plane.authorization, call.user, resource, admitted, shown);
  review(call, admitted, shown, isDryRun);
  const isFinished = isReadyToGo(admitted);
  if (admitted === shown && !isFinished) return objectAnswer(resource, 200, live);
  const object = asStored(resource.toStored(admitted));
  if (isDryRun)
    return objectAnswer(resource, 200, new StoredRecord(live.key, object, live.resourceVersion));
  if (!isFinished) return objectAnswer(resource, 200, await plane.store.put(live.key, object));
  const { resourceVersion } = await plane.store.delete(live.key);
  const last = new StoredRecord(live.key, versioned(object, resourceVersion), resourceVersion);
  return objectAnswer(resource, 200, last);
}

/** Whether deletion was asked for and nothing holds the object any more. */
export function isReadyToGo({ metadata, spec }: KubernetesObject): boolean {
  const held = (spec as { finalizers?: unknown[] } | undefined)?.finalizers;
  const isHeld =
    (metadata.finalizers?.length ?? 0) > 0 ||
    (Array.isArray(held) && held.length > 0 && metadata.namespace === undefined);
  return metadata.deletionTimestamp !== undefined && !isHeld;
}
