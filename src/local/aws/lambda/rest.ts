/** Lambda's protocol, restJson1: JSON bodies, errors named in a header. */
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';

export function json(status: number, value: unknown): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export const noContent: ServiceResponse = { status: 204 };

/** The body as an object. Throws InvalidRequestContentException. */
export function bodyOf(request: ServiceRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(request.body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>;
    }
  } catch {
    // said below, in Lambda's words
  }
  throw new AwsError(
    'InvalidRequestContentException',
    'Could not parse request body into json: it must be an object',
  );
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

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
