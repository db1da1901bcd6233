/** Request bodies: read whole, up to the limit of the real server. */
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { StatusError } from './status-error.js';

export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Throws 413 as soon as the body is known to be too large. */
export function readRequestBody(request: IncomingMessage): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > MAX_BODY_BYTES) return Promise.reject(tooLarge());
  const isPacked = request.headers['content-encoding'] === 'gzip';
  const source = isPacked ? request.pipe(createGunzip()) : request;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) reject(tooLarge());
      else chunks.push(chunk);
    });
    source.on('end', () => resolve(Buffer.concat(chunks)));
    source.on('error', reject);
    request.on('aborted', () => reject(new StatusError(400, 'BadRequest', 'the client went away')));
  });
}

function tooLarge(): StatusError {
  return new StatusError(
    413,
    'RequestEntityTooLarge',
    `Request entity too large: limit is ${MAX_BODY_BYTES}`,
  );
}
