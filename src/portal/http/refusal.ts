/** Turns whatever went wrong into one answer: a code, what happened, what to do. */
import { PdrError, type ErrorCode } from '../../support/errors.js';
import { ApiError, type StatusCause } from '../../support/kubernetes/api-error.js';
import type { FieldFault, Refusal } from '../contract.js';

const HTTP_STATUS: Partial<Record<ErrorCode, number>> = {
  PDR1005: 504,
  PDR2001: 401,
  PDR2002: 403,
  PDR2003: 404,
  PDR2004: 404,
  PDR2005: 409,
  PDR2006: 422,
  PDR2007: 400,
  PDR2008: 429,
  PDR2009: 404,
  PDR2010: 502,
  PDR2011: 401,
};

const CODE_OF_REASON: Readonly<Record<string, ErrorCode>> = {
  Unauthorized: 'PDR2001',
  Forbidden: 'PDR2002',
  NotFound: 'PDR2004',
  Conflict: 'PDR2005',
  Invalid: 'PDR2006',
  AlreadyExists: 'PDR2006',
  BadRequest: 'PDR2006',
  TooManyRequests: 'PDR2008',
};

export function httpStatusOf(error: PdrError): number {
  return HTTP_STATUS[error.code] ?? 500;
}

export function refusalOf(error: PdrError): Refusal {
  return {
    code: error.code,
    message: error.message,
    remedy: error.remedy,
    retryable: error.retryable,
    causes: error.cause instanceof ApiError ? faultsOf(error.cause) : [],
  };
}

/** Our own error for what the API server, the network or the portal itself did. */
export function toPdrError(error: unknown, subject = 'the portal'): PdrError {
  if (error instanceof PdrError) return error;
  if (error instanceof ApiError) {
    // Of the other reasons the busy and broken servers' remain: trying again is what helps.
    const code = CODE_OF_REASON[error.reason] ?? (error.code === 404 ? 'PDR2003' : 'PDR1005');
    return new PdrError(code, { subject, detail: error.message, cause: error });
  }
  return new PdrError('PDR2012', { subject, cause: error });
}

export const NAME_IS_TAKEN: FieldFault = {
  field: 'metadata.name',
  message: 'there is a claim of this name already: choose another, or edit that one',
};

/** What the API server says of single fields; of a fault without a field, the message alone. */
export function faultsOf(error: ApiError): FieldFault[] {
  if (error.reason === 'AlreadyExists') return [NAME_IS_TAKEN];
  if (error.causes.length === 0) return [{ field: '', message: error.message }];
  const faults = error.causes.map((cause) => ({
    field: fieldOf(cause),
    message: inWords(cause.message ?? error.message),
  }));
  // That other rules were not looked at yet is no fault of its own where a field is marked.
  const ofFields = faults.filter(({ field }) => field !== '');
  return ofFields.length > 0 ? ofFields : faults;
}

function fieldOf({ field = '' }: StatusCause): string {
  return field === '<nil>' ? '' : field;
}

/** `Invalid value: "x": must be …` → `must be …`: the page shows the value beside it. */
function inWords(message: string): string {
  return message.replace(
    /^(Invalid value|Unsupported value|Duplicate value): (".*?"|[^:]*): /s,
    '',
  );
}
