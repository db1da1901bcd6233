/**
 * From an event to a payment, or to a refusal that says which field is wrong.
 *
 * Two shapes come in: the payment itself (direct and asynchronous invocations), and an HTTP request from API Gateway or a
 * function URL whose body is the payment as JSON. Other fields of a payment are ignored, and are neither stored nor logged.
 */
import { readAmount } from './money.js';
import type { Payment } from './payment.js';
import { Refusal } from './refusal.js';

/**
 * The id becomes part of an S3 key. It begins with a letter or digit and has no slash, so the key cannot leave its folder;
 * the characters are those that S3 calls safe; the length stays far below a key's 1024 bytes.
 */
const TRANSACTION_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

const CURRENCY = /^[A-Z]{3}$/;
const DEFAULT_CURRENCY = 'USD';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** The last instant that ECMAScript's time, in milliseconds, can name. */
const MAX_UNIX_TIME = 8.64e15;

type Fields = Readonly<Record<string, unknown>>;

export function parseEvent(event: unknown): Payment {
  const fields = readFields(event);
  const occurredAt = readTimestamp(fields.timestamp);
  return {
    transactionId: readTransactionId(fields.transaction_id),
    amount: readAmount(fields.amount),
    currency: readCurrency(fields.currency),
    ...(occurredAt === undefined ? {} : { occurredAt }),
  };
}

function readFields(event: unknown): Fields {
  if (!isFields(event)) throw new Refusal(400, 'the event must be a JSON object');
  const isHttpRequest =
    !('transaction_id' in event) && ('body' in event || 'requestContext' in event);
  return isHttpRequest ? readBody(event) : event;
}

function readBody({ body, isBase64Encoded }: Fields): Fields {
  if (typeof body !== 'string') throw new Refusal(400, 'the request has no body', 'body');
  const text = isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body;
  const parsed = parseJson(text);
  if (!isFields(parsed)) throw new Refusal(400, 'the body must be a JSON object', 'body');
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'the body is not JSON', 'body');
  }
}

function readTransactionId(written: unknown): string {
  if (typeof written === 'string' && TRANSACTION_ID.test(written)) return written;
  throw new Refusal(
    400,
    'transaction_id must be 1 to 128 letters, digits, dots, underscores or hyphens, a letter or digit first',
    'transaction_id',
  );
}

function readCurrency(written: unknown): string {
  if (written === undefined) return DEFAULT_CURRENCY;
  if (typeof written === 'string' && CURRENCY.test(written)) return written;
  throw new Refusal(400, 'currency must be a code of three capital letters: USD', 'currency');
}

/** Kept in the payer's own form: whether a number counts seconds or milliseconds is the payer's affair. */
function readTimestamp(written: unknown): string | undefined {
  if (written === undefined) return undefined;
  if (typeof written === 'number' && written >= 0 && written <= MAX_UNIX_TIME) {
    return String(written);
  }
  if (typeof written === 'string' && RFC_3339.test(written) && !Number.isNaN(Date.parse(written))) {
    return written;
  }
  throw new Refusal(
    400,
    'timestamp must be Unix time as a number, or RFC 3339: 2026-01-31T12:00:00Z',
    'timestamp',
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
