/**
 * Checksums of objects: the five algorithms of S3, each value in base64 as it travels in headers.
 *
 * Node has CRC32 and the hashes; CRC32C and CRC64-NVME are computed from tables here, reflected, with all bits set before and after.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  /** COMPOSITE is the checksum of the parts' checksums, followed by their number. */
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const CRC32C_POLYNOMIAL = 0x82f63b78;
/** The two halves of the reflected CRC64-NVME polynomial. */
const CRC64_POLYNOMIAL = { high: 0x9a6c9329, low: 0xac4bc9b5 };

export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export function computeChecksum(algorithm: ChecksumAlgorithm, data: Buffer): string {
  switch (algorithm) {
    case 'CRC32':
      return word(crc32(data)).toString('base64');
    case 'CRC32C':
      return word(crc32c(data)).toString('base64');
    case 'CRC64NVME':
      return crc64nvme(data).toString('base64');
    case 'SHA1':
    case 'SHA256':
      return createHash(algorithm.toLowerCase()).update(data).digest('base64');
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = (value & 1) === 1 ? (value >>> 1) ^ CRC32C_POLYNOMIAL : value >>> 1;
  }
  return value;
});

function crc32c(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc = (crc >>> 8) ^ (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0);
  }
  return ~crc;
}

/** High half at even places, low half behind it: numbers of 64 bits would be slow. */
const CRC64_TABLE = new Uint32Array(512);
for (let byte = 0; byte < 256; byte += 1) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    const isOdd = (low & 1) === 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) {
      low ^= CRC64_POLYNOMIAL.low;
      high ^= CRC64_POLYNOMIAL.high;
    }
  }
  CRC64_TABLE[byte * 2] = high;
  CRC64_TABLE[byte * 2 + 1] = low;
}

function crc64nvme(data: Buffer): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of data) {
    const row = ((low ^ byte) & 0xff) * 2;
    low = ((low >>> 8) | (high << 24)) ^ (CRC64_TABLE[row + 1] ?? 0);
    high = (high >>> 8) ^ (CRC64_TABLE[row] ?? 0);
  }
  return Buffer.concat([word(~high), word(~low)]);
}
