/**
 * An issuer of tokens over the network: its documents, and the certificates it shows.
 *
 * An address is believed when the machine's authorities vouch for it, or when the certificate at the top of the chain it
 * shows has a thumbprint that the account has put down. That is AWS's own rule, and how an issuer with a private
 * authority, such as a cluster of one's own, is reached.
 */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { checkServerIdentity, TLSSocket, type DetailedPeerCertificate } from 'node:tls';

/** STS waits no longer for an issuer. */
const PATIENCE_MS = 5_000;
const MAX_BYTES = 1024 * 1024;

export class IssuerError extends Error {
  override readonly name = 'IssuerError';

  constructor(
    readonly fault: 'unreachable' | 'untrusted' | 'unreadable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The JSON object at an address. Throws `IssuerError`. */
export async function readDocument(
  url: URL,
  thumbprints: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  return visit(url, async (response, socket) => {
    if (!socket.authorized && !isKnown(socket, url.hostname, thumbprints)) {
      throw new IssuerError('untrusted', `${url.host} shows a certificate that is not known`);
    }
    const text = await readText(response);
    if (response.statusCode !== 200) {
      throw new IssuerError('unreadable', `${url.href} answers ${response.statusCode ?? 0}`);
    }
    try {
      const document: unknown = JSON.parse(text);
      if (typeof document === 'object' && document !== null) {
        return document as Readonly<Record<string, unknown>>;
      }
    } catch {
      // Said below.
    }
    throw new IssuerError('unreadable', `${url.href} answers no JSON object`);
  });
}

/** The thumbprint that an issuer shows now. Throws `IssuerError`. */
export function readThumbprint(url: URL): Promise<string> {
  return visit(url, (response, socket) => {
    response.resume();
    const top = chainOf(socket).at(-1);
    if (top === undefined) throw new IssuerError('untrusted', `${url.host} shows no certificate`);
    return Promise.resolve(thumbprintOf(top));
  });
}

function visit<T>(
  url: URL,
  read: (response: IncomingMessage, socket: TLSSocket) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    // The certificate is looked at by `read`, before anything that was answered is believed.
    const call = request(url, { agent: false, rejectUnauthorized: false, signal }, (response) => {
      const { socket } = response;
      if (!(socket instanceof TLSSocket)) return;
      read(response, socket)
        .finally(() => call.destroy())
        .then(resolve, (error: unknown) => {
          reject(error instanceof IssuerError ? error : unreachable(url, error));
        });
    });
    call.once('error', (error) => reject(unreachable(url, error)));
    call.end();
  });
}

function unreachable(url: URL, cause: unknown): IssuerError {
  return new IssuerError('unreachable', `${url.host} cannot be reached`, { cause });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new IssuerError('unreadable', 'the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether the chain reaches a known certificate, each signed by the next, for this host. */
function isKnown(socket: TLSSocket, host: string, thumbprints: readonly string[]): boolean {
  const chain = chainOf(socket);
  const top = chain.at(-1);
  if (top === undefined || !thumbprints.includes(thumbprintOf(top))) return false;
  const isOfHost = checkServerIdentity(host, socket.getPeerCertificate(true)) === undefined;
  return isOfHost && chain.every((certificate, i) => isSigned(certificate, chain[i + 1]));
}

function isSigned(certificate: X509Certificate, by: X509Certificate | undefined): boolean {
  return by === undefined || (certificate.checkIssued(by) && certificate.verify(by.publicKey));
}

/** The certificates shown, the issuer's own first. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  // A self-signed certificate is its own issuer.
  for (
    let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
    next?.raw !== undefined && chain.at(-1)?.fingerprint !== next.fingerprint;
    next = next.issuerCertificate as DetailedPeerCertificate | undefined
  ) {
    chain.push(new X509Certificate(next.raw));
  }
  return chain;
}

function thumbprintOf({ fingerprint }: X509Certificate): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
