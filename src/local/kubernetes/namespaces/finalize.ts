/** PUT of a namespace's `finalize`: what still has to be done before the namespace can go. */
import { isJsonObject, parseJson, valueAt } from '../json/json.js';
import { badRequest, notFound } from '../http/status-error.js';
import { keyOf, objectAnswer, type Answer, type Call } from '../verbs/call.js';
import { messageOf } from '../verbs/body.js';
import { isReadyToGo } from '../verbs/update.js';

export async function finalizeNamespace(call: Call): Promise<Answer> {
  const { plane, resource, name } = call;
  const text = await call.readBody();
  let sent: unknown;
  try {
    sent = parseJson(text).value;
  } catch (error) {
    throw badRequest(messageOf(error));
  }
  const live = plane.store.latest(keyOf(call, name));
  if (live === undefined) throw notFound({ group: '', kind: 'namespaces', name });
  const finalizers = valueAt(sent, ['spec', 'finalizers']);
  const spec = {
    ...(isJsonObject(live.object.spec) ? live.object.spec : {}),
    finalizers: Array.isArray(finalizers) ? finalizers : [],
  };
  const object = { ...live.object, spec };
  const record = isReadyToGo(object)
    ? await plane.store.delete(live.key)
    : await plane.store.put(live.key, object);
  return objectAnswer(resource, 200, record);
}
