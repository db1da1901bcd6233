/**
 * Takes an `aws-chunked` body apart: the form in which SDKs upload to S3, with a signature per chunk or a checksum behind.
 *
 * Every chunk signature and the trailer's is verified against the one before it, from the request's own signature on.
 * Trailers come back as headers, so that the service checks a trailing checksum as it checks a leading one.
 */
import { AwsError } from '../service.js';
import { equal, hmac, scopeText, sha256, SignatureError, type Signature } from './signature.js';

const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNED_WITH_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
const UNSIGNED_WITH_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const STREAMING: readonly string[] = [SIGNED, SIGNED_WITH_TRAILER, UNSIGNED_WITH_TRAILER];

export interface Upload {
  readonly body: Buffer;
  /** In lower case, such as `x-amz-checksum-crc32`. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** Whether `x-amz-content-sha256` announces a chunked body. */
export function isStreaming(payloadHash: string): boolean {
  return payloadHash.startsWith('STREAMING-');
}

/**
 * `decodedLength` is the header `x-amz-decoded-content-length`.
 * Throws `AwsError` where the body is not what its framing says, `SignatureError` where a chunk was not signed so.
 */
export function assembleUpload(
  encoded: Buffer,
  payloadHash: string,
  decodedLength: string | undefined,
  signature: Signature,
  key: Buffer,
): Upload {
  if (!STREAMING.includes(payloadHash)) {
    throw new AwsError('NotImplemented', `The payload form ${payloadHash} is not supported.`, 501);
  }
  const reader = new ChunkReader(encoded);
  const seal = payloadHash === UNSIGNED_WITH_TRAILER ? undefined : new Seal(signature, key);
  const chunks: Buffer[] = [];
  for (;;) {
    const { sizeBytes, signature: given } = readChunkHead(reader.line());
    const data = reader.take(sizeBytes);
    seal?.checkChunk(data, given);
    if (sizeBytes === 0) break;
    chunks.push(data);
    if (reader.line() !== '') throw malformed('a chunk does not end where its size says');
  }
  const trailers = payloadHash === SIGNED ? {} : readTrailers(reader, seal);
  const body = Buffer.concat(chunks);
  if (decodedLength !== undefined && Number(decodedLength) !== body.length) {
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header.',
    );
  }
  return { body, trailers };
}

/** The chain of chunk signatures. */
class Seal {
  private previous: string;

  constructor(
    private readonly signature: Signature,
    private readonly key: Buffer,
  ) {
    this.previous = signature.signature;
  }

  checkChunk(data: Buffer, given: string | undefined): void {
    this.check('AWS4-HMAC-SHA256-PAYLOAD', `${sha256('')}\n${sha256(data)}`, given);
  }

  checkTrailer(trailer: string, given: string | undefined): void {
    this.check('AWS4-HMAC-SHA256-TRAILER', sha256(trailer), given);
  }

  private check(kind: string, hashes: string, given: string | undefined): void {
    const { timestamp, scope } = this.signature;
    const text = [kind, timestamp, scopeText(scope), this.previous, hashes].join('\n');
    const expected = hmac(this.key, text).toString('hex');
    if (given === undefined || !equal(expected, given)) {
      throw new SignatureError({
        kind: 'mismatch',
        detail: 'A chunk signature we calculated does not match the signature you provided.',
      });
    }
    this.previous = expected;
  }
}

function readChunkHead(line: string): { sizeBytes: number; signature: string | undefined } {
  const match = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (match === null) throw malformed('a chunk has no size');
  return { sizeBytes: Number.parseInt(String(match[1]), 16), signature: match[2] };
}

function readTrailers(reader: ChunkReader, seal: Seal | undefined): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (let line = reader.line(); line !== ''; line = reader.line()) {
    const colon = line.indexOf(':');
    if (colon < 1) throw malformed('a trailer has no name');
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { 'x-amz-trailer-signature': given, ...rest } = trailers;
  const signed = Object.entries(rest).map(([name, value]) => `${name}:${value}\n`);
  seal?.checkTrailer(signed.join(''), given);
  return rest;
}

class ChunkReader {
  private position = 0;

  constructor(private readonly data: Buffer) {}

  /** The text up to the next CRLF. At the very end of the body the last, empty, line may lack. */
  line(): string {
    if (this.position === this.data.length) return '';
    const end = this.data.indexOf('\r\n', this.position);
    if (end < 0) throw malformed('a line does not end');
    const text = this.data.toString('latin1', this.position, end);
    this.position = end + 2;
    return text;
  }

  take(sizeBytes: number): Buffer {
    if (this.position + sizeBytes > this.data.length) throw malformed('a chunk is cut short');
    const data = this.data.subarray(this.position, this.position + sizeBytes);
    this.position += sizeBytes;
    return data;
  }
}

function malformed(detail: string): AwsError {
  return new AwsError('IncompleteBody', `The chunked body is malformed: ${detail}.`);
}
