/**
 * Failures as the API answers them: a `Status` with a reason, and a cause for each field that is wrong.
 *
 * Everything that refuses a request throws one of these; `http/responses.ts` sends it.
 */
import { formatJson } from '../json/json.js';

export type FieldErrorType =
  | 'Required'
  | 'Invalid'
  | 'TypeInvalid'
  | 'NotSupported'
  | 'Duplicate'
  | 'Forbidden'
  | 'TooLong'
  | 'TooMany'
  | 'NotFound'
  | 'InternalError';

/** One field that is wrong. `field` undefined means the object as a whole. */
export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string | undefined;
  /** The value at fault; left out of the message for types that do not show it. */
  readonly value?: unknown;
  readonly detail?: string;
}

const WORDS: Record<FieldErrorType, string> = {
  Required: 'Required value',
  Invalid: 'Invalid value',
  TypeInvalid: 'Invalid value',
  NotSupported: 'Unsupported value',
  Duplicate: 'Duplicate value',
  Forbidden: 'Forbidden',
  TooLong: 'Too long',
  TooMany: 'Too many',
  NotFound: 'Not found',
  InternalError: 'Internal error',
};

const SHOWS_NO_VALUE = new Set<FieldErrorType>([
  'Required',
  'Forbidden',
  'TooLong',
  'InternalError',
]);
/** What a `Status` calls an error without a field. */
const NO_FIELD = '<nil>';

export interface Cause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** Names what a request is about: `kind` is the plural for most failures, the kind itself for `Invalid`. */
export interface Subject {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

export class StatusError extends Error {
  override readonly name = 'StatusError';

  constructor(
    readonly code: number,
    readonly reason: string | undefined,
    message: string,
    readonly details?: StatusDetails,
  ) {
    super(message);
  }

  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

export function bodyOfFieldError({ type, value, detail }: FieldError): string {
  const shown = SHOWS_NO_VALUE.has(type) ? WORDS[type] : `${WORDS[type]}: ${formatValue(value)}`;
  return detail === undefined || detail === '' ? shown : `${shown}: ${detail}`;
}

/** As one line: the field, and what is wrong with it. */
export function describeFieldError(error: FieldError): string {
  return `${error.field ?? NO_FIELD}: ${bodyOfFieldError(error)}`;
}

/** The wording of metav1's NotSupported. */
export function notSupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const detail = `supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`;
  return { type: 'NotSupported', field, value, detail };
}

export function qualified({ group, kind }: Subject): string {
  return group === '' ? kind : `${kind}.${group}`;
}

export function invalid(subject: Subject, errors: readonly FieldError[]): StatusError {
  const lines = [...new Set(errors.map(describeFieldError))];
  const all = lines.length === 1 ? lines.join('') : `[${lines.join(', ')}]`;
  return new StatusError(
    422,
    'Invalid',
    `${qualified(subject)} "${subject.name ?? ''}" is invalid: ${all}`,
    {
      ...detailsOf(subject),
      causes: errors.map((error) => ({
        reason: error.type === 'InternalError' ? 'InternalError' : `FieldValue${error.type}`,
        message: bodyOfFieldError(error),
        field: error.field ?? NO_FIELD,
      })),
    },
  );
}

/** A query parameter or option that is wrong, as in `ListOptions.meta.k8s.io "" is invalid`. */
export function invalidOptions(kind: string, error: FieldError): StatusError {
  return invalid({ group: 'meta.k8s.io', kind }, [error]);
}

export function notFound(subject: Subject): StatusError {
  const message = `${qualified(subject)} "${subject.name ?? ''}" not found`;
  return new StatusError(404, 'NotFound', message, detailsOf(subject));
}

export function alreadyExists(subject: Subject, isBeingDeleted = false): StatusError {
  const message = `${isBeingDeleted ? 'object is being deleted: ' : ''}${qualified(subject)} "${subject.name ?? ''}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, detailsOf(subject));
}

export function conflict(subject: Subject, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(subject)} "${subject.name ?? ''}": ${why}`;
  return new StatusError(409, 'Conflict', message, detailsOf(subject));
}

export const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(subject: Subject, why: string): StatusError {
  const named =
    subject.name === undefined || subject.name === ''
      ? qualified(subject)
      : `${qualified(subject)} "${subject.name}"`;
  return new StatusError(403, 'Forbidden', `${named} is forbidden: ${why}`, detailsOf(subject));
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

/** Something under a served group version that it does not have. */
export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', message, {});
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

function detailsOf({ name, group, kind }: Subject): StatusDetails {
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
  };
}

function formatValue(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  // Go escapes what HTML could take for its own, but only in what is not text by itself.
  if (typeof value !== 'object') return formatJson(value);
  return formatJson(value).replaceAll(
    /[<>&]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
