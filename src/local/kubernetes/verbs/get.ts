/** GET of an object or of its status. */
import { notFound } from '../http/status-error.js';
import { subjectOf } from '../resources/resource.js';
import { keyOf, objectAnswer, type Answer, type Call } from './call.js';

export function get(call: Call): Answer {
  const { plane, resource, name } = call;
  const record = plane.store.get(keyOf(call, name));
  if (record === undefined) throw notFound(subjectOf(resource, name));
  return objectAnswer(resource, 200, record);
}
