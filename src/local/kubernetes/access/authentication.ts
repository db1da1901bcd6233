/** Authentication: a client certificate of our CA, a service account's token, or nobody in particular. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { unauthorized } from '../http/status-error.js';
import type { Tokens } from './tokens.js';
import { ANONYMOUS, AUTHENTICATED, type User } from './user.js';

/** Throws 401 for credentials that are not good; without any, the user is anonymous. */
export function authenticate(request: IncomingMessage, tokens: Tokens): User {
  const { authorization } = request.headers;
  const byCertificate = userOfCertificate(request);
  if (byCertificate !== undefined) return byCertificate;
  if (authorization === undefined || authorization.trim() === '') return ANONYMOUS;
  const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
  const bearer = token === undefined ? undefined : tokens.authenticate(token);
  if (bearer === undefined) throw unauthorized();
  return bearer.user;
}

function userOfCertificate({ socket }: IncomingMessage): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate() as {
    subject?: { CN?: string | string[]; O?: string | string[] };
  };
  const name = [subject?.CN ?? []].flat()[0];
  if (name === undefined) return undefined;
  return { name, groups: [...[subject?.O ?? []].flat(), AUTHENTICATED] };
}
