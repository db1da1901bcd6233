/**
 * The guard before every route: what the browser may do with our pages, and whose requests are taken at all.
 *
 * A page of somebody else can make a browser send a request with our cookie in it, or, by a name that suddenly resolves to
 * 127.0.0.1, read the answer. The first is refused by origin and content type, the second by the name in Host.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unusable } from './exchange.js';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
}

/** Throws PDR2007. `isLoopback`: the server listens on this machine only, so nobody calls it by another name. */
export function checkOrigin(request: IncomingMessage, isLoopback: boolean): void {
  const { host = '', origin } = request.headers;
  if (isLoopback && !LOOPBACK_NAMES.has(host.replace(/:\d+$/, ''))) {
    throw unusable(`it is addressed to ${host}, which is not this machine`);
  }
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (origin !== undefined && hostOf(origin) !== host) {
    throw unusable(`it comes from a page of ${origin}`);
  }
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw unusable('it comes from a page of another site');
  }
  // A form of another page can send no such type without asking first.
  if (request.headers['content-type']?.startsWith('application/json') !== true) {
    throw unusable('its content type has to be application/json');
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
