/**
 * Signature version 4, from the receiving end: reads who claims to have signed a request, and checks that they did.
 *
 * Header-signed and presigned (query) requests. Says only what is wrong, as a `SignatureFault`; which error code that
 * is depends on the service (`refusals.ts`). Source of the rules: AWS's "Create a signed AWS API request".
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { Envelope } from './envelope.js';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const MAX_SKEW_MS = 15 * 60_000;
const MAX_PRESIGNED_SECONDS = 7 * 24 * 3600;
const EMPTY_SHA256 = createHash('sha256').digest('hex');

export interface Scope {
  /** `20260131`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface Signature {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As signed: `20260131T235959Z`. */
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
  /** How long a presigned request may be used; undefined for one signed in its headers. */
  readonly expiresSeconds: number | undefined;
}

export type SignatureFault =
  | { readonly kind: 'incomplete'; readonly detail: string }
  /** The same of a signature in the query. */
  | { readonly kind: 'presigned-incomplete'; readonly detail: string }
  | { readonly kind: 'algorithm'; readonly detail: string }
  | { readonly kind: 'scope'; readonly detail: string; readonly expectedRegion?: string }
  | { readonly kind: 'skewed'; readonly detail: string }
  | { readonly kind: 'presigned-expired'; readonly detail: string }
  | { readonly kind: 'mismatch'; readonly detail: string }
  | { readonly kind: 'payload'; readonly detail: string };

export class SignatureError extends Error {
  constructor(readonly fault: SignatureFault) {
    super(fault.detail);
  }
}

/** What the request says of its signature, or undefined where it has none. Throws `SignatureError`. */
export function readSignature(envelope: Envelope): Signature | undefined {
  const authorization = envelope.headers.authorization;
  if (authorization !== undefined) return readHeader(authorization, envelope.headers);
  const query = new Map(envelope.query);
  if (query.has('AWSAccessKeyId') && query.has('Signature')) refuseOtherAlgorithms('AWS');
  if (!query.has('X-Amz-Signature') && !query.has('X-Amz-Credential')) return undefined;
  try {
    return readPresigned(query);
  } catch (error) {
    if (!(error instanceof SignatureError) || error.fault.kind !== 'incomplete') throw error;
    throw new SignatureError({ ...error.fault, kind: 'presigned-incomplete' });
  }
}

function readHeader(authorization: string, headers: Envelope['headers']): Signature {
  const space = authorization.indexOf(' ');
  const algorithm = space < 0 ? authorization : authorization.slice(0, space);
  refuseOtherAlgorithms(algorithm);
  const parts = new Map(
    authorization
      .slice(space + 1)
      .split(',')
      .map((part) => part.trim().split(/=(.*)/s, 2) as [string, string]),
  );
  const timestamp = headers['x-amz-date'] ?? toAmzDate(headers.date);
  return {
    ...readCredential(required(parts.get('Credential'), 'Credential')),
    signedHeaders: required(parts.get('SignedHeaders'), 'SignedHeaders').toLowerCase().split(';'),
    signature: required(parts.get('Signature'), 'Signature'),
    timestamp: required(timestamp, 'X-Amz-Date or Date'),
    sessionToken: headers['x-amz-security-token'],
    expiresSeconds: undefined,
  };
}

function readPresigned(query: ReadonlyMap<string, string>): Signature {
  refuseOtherAlgorithms(required(query.get('X-Amz-Algorithm'), 'X-Amz-Algorithm'));
  const expires = query.get('X-Amz-Expires') ?? '900';
  const wrong = wrongWithExpires(expires);
  if (wrong !== undefined) {
    throw new SignatureError({ kind: 'incomplete', detail: `X-Amz-Expires must be ${wrong}` });
  }
  return {
    ...readCredential(required(query.get('X-Amz-Credential'), 'X-Amz-Credential')),
    signedHeaders: required(query.get('X-Amz-SignedHeaders'), 'X-Amz-SignedHeaders')
      .toLowerCase()
      .split(';'),
    signature: required(query.get('X-Amz-Signature'), 'X-Amz-Signature'),
    timestamp: required(query.get('X-Amz-Date'), 'X-Amz-Date'),
    sessionToken: query.get('X-Amz-Security-Token'),
    expiresSeconds: Number(expires),
  };
}

function wrongWithExpires(expires: string): string | undefined {
  if (!/^-?\d+$/.test(expires)) return 'a number';
  if (Number(expires) < 0) return 'non-negative';
  if (Number(expires) <= MAX_PRESIGNED_SECONDS) return undefined;
  return `less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${MAX_PRESIGNED_SECONDS} seconds`;
}

function readCredential(text: string): { accessKeyId: string; scope: Scope } {
  const [accessKeyId, date, region, service, terminal, ...rest] = text.split('/');
  if (
    accessKeyId &&
    date &&
    region &&
    service &&
    terminal === 'aws4_request' &&
    rest.length === 0
  ) {
    return { accessKeyId, scope: { date, region, service } };
  }
  const detail = `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, got '${text}'`;
  throw new SignatureError({ kind: 'incomplete', detail });
}

/**
 * Checks time and signature. `payloadHash` is what stands in the canonical request.
 * Throws `SignatureError`; returns the signing key, with which a chunked body goes on.
 */
export function verifySignature(
  envelope: Envelope,
  signature: Signature,
  payloadHash: string,
  secretAccessKey: string,
  nowMs: number,
): Buffer {
  checkTime(signature, nowMs);
  if (!signature.signedHeaders.includes('host')) {
    throw new SignatureError({
      kind: 'incomplete',
      detail: "'Host' must be a 'SignedHeader' in the AWS Authorization.",
    });
  }
  const key = signingKey(secretAccessKey, signature.scope);
  const expected = hmac(key, stringToSign(envelope, signature, payloadHash)).toString('hex');
  if (!equal(expected, signature.signature)) {
    const detail =
      'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
    throw new SignatureError({ kind: 'mismatch', detail });
  }
  return key;
}

function checkTime(signature: Signature, nowMs: number): void {
  const { timestamp, scope, expiresSeconds } = signature;
  const signedAtMs = parseAmzDate(timestamp);
  if (Number.isNaN(signedAtMs)) {
    throw new SignatureError({
      kind: 'incomplete',
      detail: `'${timestamp}' is not a valid date in ISO 8601 basic format`,
    });
  }
  if (!timestamp.startsWith(scope.date)) {
    const detail = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`;
    throw new SignatureError({ kind: 'scope', detail });
  }
  const now = toAmz(nowMs);
  if (signedAtMs - nowMs > MAX_SKEW_MS) {
    const detail = `Signature not yet current: ${timestamp} is still later than ${now} (${now} + 15 min.)`;
    throw new SignatureError({ kind: 'skewed', detail });
  }
  if (expiresSeconds !== undefined) {
    if (nowMs > signedAtMs + expiresSeconds * 1000) {
      throw new SignatureError({ kind: 'presigned-expired', detail: 'Request has expired' });
    }
  } else if (nowMs - signedAtMs > MAX_SKEW_MS) {
    const detail = `Signature expired: ${timestamp} is now earlier than ${toAmz(nowMs - MAX_SKEW_MS)} (${now} - 15 min.)`;
    throw new SignatureError({ kind: 'skewed', detail });
  }
}

function stringToSign(envelope: Envelope, signature: Signature, payloadHash: string): string {
  const { timestamp, scope } = signature;
  return [
    ALGORITHM,
    timestamp,
    scopeText(scope),
    sha256(canonicalRequest(envelope, signature, payloadHash)),
  ].join('\n');
}

function canonicalRequest(envelope: Envelope, signature: Signature, payloadHash: string): string {
  const headers = [...signature.signedHeaders].map((name) => {
    const value = envelope.headers[name] ?? '';
    return `${name}:${value.trim().replace(/\s+/g, ' ')}\n`;
  });
  const query = envelope.query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`);
  return [
    envelope.method,
    canonicalPath(envelope.path, signature.scope.service),
    query.join('&'),
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** S3 signs the path as it is sent; every other service encodes it once more, segment by segment. */
function canonicalPath(path: string, service: string): string {
  if (service === 's3') return path;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') kept.pop();
    else kept.push(encode(segment));
  }
  const slash = path.endsWith('/') && kept.length > 0 ? '/' : '';
  return `/${kept.join('/')}${slash}`;
}

export function scopeText({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

function signingKey(secretAccessKey: string, { date, region, service }: Scope): Buffer {
  return [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date));
}

export function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function sha256(data: string | Buffer): string {
  return data.length === 0 ? EMPTY_SHA256 : createHash('sha256').update(data).digest('hex');
}

/** Whether two signatures are the same, in a time that does not depend on where they differ. */
export function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refuseOtherAlgorithms(algorithm: string): void {
  if (algorithm === ALGORITHM) return;
  throw new SignatureError({
    kind: 'algorithm',
    detail: `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
  });
}

function required(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new SignatureError({
    kind: 'incomplete',
    detail: `Authorization header requires '${name}' parameter.`,
  });
}

/** `20260131T235959Z` → milliseconds since the epoch, or NaN. */
function parseAmzDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match.map(String);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function toAmz(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function toAmzDate(httpDate: string | undefined): string | undefined {
  const ms = Date.parse(httpDate ?? '');
  return Number.isNaN(ms) ? undefined : toAmz(ms);
}
