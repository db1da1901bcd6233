/** Whether a body is what its sender says: Content-MD5 and the `x-amz-checksum-*` headers, or trailers, which the gateway makes headers. */
import { createHash } from 'node:crypto';
import {
  CHECKSUM_ALGORITHMS,
  computeChecksum,
  headerOf,
  type Checksum,
  type ChecksumAlgorithm,
} from '../checksums.js';
import { AwsError } from '../../service.js';
import { invalidRequest } from '../refusals.js';

export type Headers = Readonly<Record<string, string>>;

/** S3 computes one where the sender gave none. */
const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME';

export function md5Of(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}

/** Throws BadDigest, InvalidDigest or InvalidRequest; returns the checksum to keep. */
export function checkBody(body: Buffer, headers: Headers): Checksum {
  const md5 = headers['content-md5'];
  if (md5 !== undefined) {
    const given = Buffer.from(md5, 'base64');
    if (given.length !== 16) {
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
    }
    if (given.toString('hex') !== md5Of(body)) {
      throw new AwsError(
        'BadDigest',
        'The Content-MD5 you specified did not match what we received.',
      );
    }
  }
  const given = CHECKSUM_ALGORITHMS.filter((name) => headers[headerOf(name)] !== undefined);
  if (given.length > 1) {
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const algorithm = given[0] ?? announced(headers) ?? DEFAULT_ALGORITHM;
  const value = computeChecksum(algorithm, body);
  const said = headers[headerOf(algorithm)];
  if (said !== undefined && said !== value) {
    if (Buffer.from(said, 'base64').length !== Buffer.from(value, 'base64').length) {
      throw invalidRequest(`Value for ${headerOf(algorithm)} header is invalid.`);
    }
    throw new AwsError(
      'BadDigest',
      `The ${algorithm} you specified did not match the calculated checksum.`,
    );
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}

/** The algorithm of the checksum that a client sends, or asks for. */
export function algorithmOf(headers: Headers): ChecksumAlgorithm | undefined {
  const sent = CHECKSUM_ALGORITHMS.find((name) => headers[headerOf(name)] !== undefined);
  return sent ?? announced(headers);
}

/** The algorithm that a client names without giving a value. */
export function announced(headers: Headers): ChecksumAlgorithm | undefined {
  const name = headers['x-amz-sdk-checksum-algorithm'] ?? headers['x-amz-checksum-algorithm'];
  if (name === undefined) return undefined;
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.toUpperCase());
  if (algorithm !== undefined) return algorithm;
  throw invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return {
    [headerOf(checksum.algorithm)]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

/** As members of an XML answer. */
export function checksumElements(checksum: Checksum | undefined): object {
  if (checksum === undefined) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}
