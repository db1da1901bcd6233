/** GET of an object or of its status. */
import { notFound, StatusError } from '../http/status-error.js';
import { subjectOf } from '../resources/resource.js';
import { tooLargeVersion } from './list.js';
import { keyOf, objectAnswer, type Answer, type Call } from './call.js';

export function get(call: Call): Answer {
  const { plane, resource, name, query } = call;
  checkVersion(query.get('resourceVersion') ?? '', plane.store.resourceVersion);
  const record = plane.store.get(keyOf(call, name));
  if (record === undefined) throw notFound(subjectOf(resource, name));
  return objectAnswer(resource, 200, record);
}

/** What is asked for is not older than this; where that is yet to come, the client may ask again. */
function checkVersion(asked: string, current: number): void {
  if (asked !== '' && !/^\d+$/.test(asked)) {
    const why = `strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`;
    throw new StatusError(
      500,
      undefined,
      `resourceVersion: Invalid value: ${JSON.stringify(asked)}: ${why}`,
    );
  }
  if (Number(asked) > current) throw tooLargeVersion(Number(asked), current);
}
