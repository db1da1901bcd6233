/** The refusal of a request by a policy, in the words of the real server. */
import { forbidden, StatusError } from '../http/status-error.js';
import { subjectOf } from '../resources/resource.js';
import type { Denial } from './evaluation.js';
import type { AdmissionRequest } from './request.js';

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

/** `binding` is undefined where the policy itself cannot be used. */
export function refusalOf(
  { resource, name, object }: AdmissionRequest,
  { message: why, reason }: Denial,
  policy: string,
  binding: string | undefined,
): StatusError {
  const by = binding === undefined ? '' : ` with binding '${binding}'`;
  const message = `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${why}`;
  const named = name === '' && object === undefined ? 'Unknown' : name;
  const refusal = forbidden(subjectOf(resource, named), message);
  return new StatusError(CODES[reason] ?? 422, reason, refusal.message, {
    ...refusal.details,
    causes: [{ message }],
  });
}
