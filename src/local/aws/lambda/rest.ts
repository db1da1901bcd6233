/** Lambda's protocol, restJson1: JSON bodies, errors named in a header. */
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';

export function json(status: number, value: unknown): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export const noContent: ServiceResponse = { status: 204 };

/** Deeper than any input of Lambda's operations; the payload of an event is none. */
const MAX_DEPTH = 24;

/** The body as an object. Throws InvalidRequestContentException. */
export function bodyOf(request: ServiceRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(request.body.toString('utf8'));
    if (isWithin(parsed, MAX_DEPTH) && isObject(parsed)) {
      return parsed;
    }
  } catch {
    // said below, in Lambda's words
  }
  throw new AwsError(
    'InvalidRequestContentException',
    'Could not parse request body into json: it must be an object',
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((within) => isWithin(within, levels - 1));
}

export function answerError(error: AwsError): ServiceResponse {
  const code = error.code === 'AccessDenied' ? 'AccessDeniedException' : error.code;
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({
      Type: error.status < 500 ? 'User' : 'Service',
      Message: error.message,
      message: error.message,
      ...error.fields,
    }),
  };
}

/** Versions are not made here: there is `$LATEST` alone. */
export function refusePublish(publish: unknown): void {
  if (publish === true) throw invalid('Publishing versions is not supported by the local Lambda.');
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
