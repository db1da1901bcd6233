/**
 * A request as it came over HTTP, before anything is believed: the first station of the gateway.
 */
import type { IncomingMessage } from 'node:http';

import { AwsError } from '../service.js';

export interface Envelope {
  readonly method: string;
  /** As sent: percent-encoded, without the query. */
  readonly path: string;
  /** Decoded pairs, in the order sent. */
  readonly query: readonly (readonly [string, string])[];
  /** Names in lower case; values of repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What there is of a request, whether it can be understood or not. */
export function headOf(message: IncomingMessage): Omit<Envelope, 'query'> {
  return {
    method: message.method ?? 'GET',
    path: (message.url ?? '/').split('?', 1)[0] ?? '',
    headers: readHeaders(message.rawHeaders),
  };
}

/** Throws `AwsError` where the request target cannot be understood. */
export function readEnvelope(message: IncomingMessage): Envelope {
  const head = headOf(message);
  if (!head.path.startsWith('/'))
    throw new AwsError('InvalidRequest', 'The request target must be a path.');
  return { ...head, query: readQuery((message.url ?? '').slice(head.path.length + 1)) };
}

/** Throws `AwsError` 413 once the body passes `limitBytes`; the rest is then read and forgotten, so that the answer arrives. */
export function readBody(message: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      const refusal = `Your request is larger than the ${limitBytes} bytes the local AWS takes.`;
      reject(new AwsError('RequestEntityTooLarge', refusal, 413));
    });
    message.once('end', () => resolve(joined(chunks)));
    message.once('error', reject);
    message.once('close', () => reject(new Error('the client left before its request was whole')));
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = String(raw[i]).toLowerCase();
    const value = String(raw[i + 1]);
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before},${value}`;
  }
  return headers;
}

function readQuery(text: string): [string, string][] {
  try {
    return text
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const equals = pair.indexOf('=');
        return equals < 0
          ? [decode(pair), '']
          : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
      });
  } catch (cause) {
    if (cause instanceof URIError)
      throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
    throw cause;
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
