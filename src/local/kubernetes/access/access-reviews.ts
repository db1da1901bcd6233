/** SubjectAccessReview and its like: whether somebody may do something, and why. Nothing is stored. */
import { invalid, type FieldError } from '../http/status-error.js';
import { isJsonObject, textAt, valueAt, type JsonObject } from '../json/json.js';
import type { Access, Authorization } from './authorization.js';
import type { User } from './user.js';

export const AUTHORIZATION_GROUP = 'authorization.k8s.io';

/** The review as it is answered. Throws Invalid. */
export function reviewAccess(
  review: JsonObject,
  user: User,
  authorization: Authorization,
): JsonObject {
  refuse(attributeFaults(review));
  const reason = authorization.reasonFor(user, accessOf(review));
  const status =
    reason === undefined
      ? { allowed: false }
      : { allowed: true, ...(reason === '' ? {} : { reason }) };
  return { ...review, status };
}

/** The user that the review is about. Throws Invalid where it names none. */
export function userOfReview(review: JsonObject): User {
  const user = { name: textAt(review, 'spec', 'user'), groups: textsAt(review, 'spec', 'groups') };
  const detail = 'at least one of user or group must be specified';
  if (user.name === '' && user.groups.length === 0)
    refuse([
      ...attributeFaults(review),
      { type: 'Invalid', field: 'spec.user', value: '', detail },
    ]);
  return user;
}

/** Throws Invalid unless the review is about the namespace that it was sent to. */
export function refuseOtherNamespace(review: JsonObject, namespace: string): void {
  const value = textAt(review, 'spec', 'resourceAttributes', 'namespace');
  if (value === namespace) return;
  const detail = 'must match metadata.namespace';
  const field = 'spec.resourceAttributes.namespace';
  refuse([{ type: 'Invalid', field, value, detail }]);
}

function refuse(faults: readonly FieldError[]): void {
  if (faults.length > 0) throw invalid({ group: AUTHORIZATION_GROUP, kind: '' }, faults);
}

function attributeFaults(review: JsonObject): FieldError[] {
  const resource = valueAt(review, ['spec', 'resourceAttributes']);
  const path = valueAt(review, ['spec', 'nonResourceAttributes']);
  if (isJsonObject(resource) && isJsonObject(path)) {
    const detail = 'cannot be specified in combination with resourceAttributes';
    const value = { Path: textAt(path, 'path'), Verb: textAt(path, 'verb') };
    return [{ type: 'Invalid', field: 'spec.nonResourceAttributes', value, detail }];
  }
  if (isJsonObject(resource) || isJsonObject(path)) return [];
  const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [{ type: 'Invalid', field: 'spec.resourceAttributes', value: null, detail }];
}

function accessOf(review: JsonObject): Access {
  const path = valueAt(review, ['spec', 'nonResourceAttributes']);
  if (isJsonObject(path)) return { verb: textAt(path, 'verb'), path: textAt(path, 'path') };
  const of = (key: string) => textAt(review, 'spec', 'resourceAttributes', key);
  return {
    verb: of('verb'),
    group: of('group'),
    resource: of('resource'),
    subresource: of('subresource'),
    namespace: of('namespace'),
    name: of('name'),
  };
}

/** Empty where there is no list. */
export function textsAt(object: unknown, ...path: string[]): string[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value.map(String) : [];
}
