/**
 * Who calls: finds the signature of a request, the credentials it names, and checks that they fit.
 */
import type { Clock } from '../../../support/clock.js';
import type { Credentials, KeyRing } from '../iam/key-ring.js';
import type { Principal } from '../service.js';
import { assembleUpload, isStreaming } from './chunked-upload.js';
import type { Envelope } from './envelope.js';
import { refusal } from './refusals.js';
import {
  readSignature,
  sha256,
  SignatureError,
  UNSIGNED_PAYLOAD,
  verifySignature,
  type Signature,
} from './signature.js';

export interface Authenticated {
  readonly caller: Principal;
  /** Put together, where it came in chunks. */
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The signature of a request, or undefined where it has none. Throws `AwsError` as the service words it. */
export function claimedSignature(
  envelope: Envelope,
  fallbackService: string,
): Signature | undefined {
  try {
    return readSignature(envelope);
  } catch (error) {
    throw worded(error, fallbackService);
  }
}

/** Throws `AwsError` as the service words it. */
export function authenticate(
  envelope: Envelope,
  signature: Signature,
  body: Buffer,
  keys: KeyRing,
  clock: Clock,
): Authenticated {
  const { service } = signature.scope;
  const credentials = findCredentials(signature, keys, clock);
  try {
    const payloadHash = payloadHashOf(envelope, signature, body);
    const { secretAccessKey, principal } = credentials;
    const key = verifySignature(envelope, signature, payloadHash, secretAccessKey, clock.now());
    if (!isStreaming(payloadHash)) {
      return { caller: principal, body, headers: envelope.headers };
    }
    const decodedLength = envelope.headers['x-amz-decoded-content-length'];
    const upload = assembleUpload(body, payloadHash, decodedLength, signature, key);
    const headers = {
      ...withoutChunking(envelope.headers, upload.body.length),
      ...upload.trailers,
    };
    return { caller: principal, body: upload.body, headers };
  } catch (error) {
    throw worded(error, service);
  }
}

function findCredentials(signature: Signature, keys: KeyRing, clock: Clock): Credentials {
  const { service } = signature.scope;
  const found = keys.find(signature.accessKeyId, signature.sessionToken);
  if (found === 'unknown-key' || found === 'bad-token') throw refusal(service, found);
  if (found.expiresAtMs !== undefined && found.expiresAtMs <= clock.now()) {
    throw refusal(service, 'expired-token');
  }
  return found;
}

/** What stands for the payload in the canonical request; checked against the body where it is a hash. */
function payloadHashOf(envelope: Envelope, signature: Signature, body: Buffer): string {
  const isS3 = signature.scope.service === 's3';
  const declared = envelope.headers['x-amz-content-sha256'];
  if (declared === undefined) {
    if (!isS3) return sha256(body);
    if (signature.expiresSeconds !== undefined) return UNSIGNED_PAYLOAD;
    const detail = 'Missing required header for this request: x-amz-content-sha256';
    throw new SignatureError({ kind: 'algorithm', detail });
  }
  if (isS3 && (declared === UNSIGNED_PAYLOAD || isStreaming(declared))) return declared;
  if (declared !== sha256(body)) {
    const detail = isS3
      ? "The provided 'x-amz-content-sha256' header does not match what was computed."
      : 'The request signature we calculated does not match the signature you provided: the payload has another hash than x-amz-content-sha256.';
    throw new SignatureError({ kind: 'payload', detail });
  }
  return declared;
}

function withoutChunking(headers: Envelope['headers'], length: number): Record<string, string> {
  const { 'content-encoding': encoding = '', ...rest } = headers;
  const others = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked')
    .join(',');
  const plain = { ...rest, 'content-length': String(length) };
  return others === '' ? plain : { ...plain, 'content-encoding': others };
}

function worded(error: unknown, service: string): unknown {
  return error instanceof SignatureError
    ? refusal(service, error.fault.kind, error.fault.detail)
    : error;
}
