/** POST of a collection. */
import { refuseEscalation } from '../access/escalation.js';
import { alreadyExists, StatusError } from '../http/status-error.js';
import { subjectOf } from '../resources/resource.js';
import { StoredRecord } from '../storage/record.js';
import { admitCreate, type Manager } from './admission.js';
import { readObject } from './body.js';
import { asStored, keyOf, objectAnswer, type Answer, type Call } from './call.js';
import { readWriteOptions } from './options.js';
import { optionsOf, reviewWrite } from './review.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';

/** Names are made anew when one that was generated is taken, this often. */
const NAME_ATTEMPTS = 8;

export async function create(call: Call): Promise<Answer> {
  const options = readWriteOptions(call, 'CreateOptions');
  const sent = await readObject(call, options);
  const isGenerated =
    (sent.metadata.name ?? '') === '' && (sent.metadata.generateName ?? '') !== '';
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createObject(call, sent, options, options.isDryRun);
    } catch (error) {
      const isTaken = error instanceof StatusError && error.reason === 'AlreadyExists';
      if (!isTaken || !isGenerated || attempt >= NAME_ATTEMPTS) throw error;
    }
  }
}

export async function createObject(
  call: Call,
  sent: KubernetesObject,
  manager: Manager,
  isDryRun: boolean,
): Promise<Answer> {
  const { plane, resource } = call;
  const admitted = admitCreate(call, sent, manager);
  const name = admitted.metadata.name ?? '';
  refuseEscalation(plane.authorization, call.user, resource, admitted, undefined);
  const options = optionsOf(call, 'CreateOptions');
  reviewWrite({ ...call, name }, { operation: 'CREATE', object: admitted, isDryRun, options });
  const object = asStored(resource.toStored(admitted));
  const key = keyOf(call, object.metadata.name);
  const present = plane.store.latest(key)?.object.metadata;
  if (present !== undefined)
    throw alreadyExists(subjectOf(resource, key.name), present.deletionTimestamp !== undefined);
  if (isDryRun) return objectAnswer(resource, 201, new StoredRecord(key, object, 0));
  return objectAnswer(resource, 201, await plane.store.put(key, object));
}
