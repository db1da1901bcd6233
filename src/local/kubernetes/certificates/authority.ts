/**
 * The authority: the server's own CA, and what it signs.
 *
 * Made at the first start and kept in the state directory, so that a kubeconfig stays true over restarts.
 */
import { X509Certificate } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../support/clock.js';
import { PdrError } from '../../../support/errors.js';
import type { Identity } from './identity.js';

/** Reads the identity of the state directory, or makes it. Throws PDR1004 when it is damaged. */
export async function loadIdentity(stateDir: string, clock: Clock): Promise<Identity> {
  const file = join(stateDir, 'identity.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw damaged(file, error);
    // The library for certificates is large, and needed only this once.
    const { makeIdentity } = await import('./make-identity.js');
    const identity = await makeIdentity(clock);
    await writeFile(file, JSON.stringify(identity, undefined, 2), { mode: 0o600 });
    return identity;
  }
  try {
    await chmod(file, 0o600);
    return checkIdentity(JSON.parse(text) as Partial<Record<keyof Identity, unknown>>);
  } catch (cause) {
    throw damaged(file, cause);
  }
}

function checkIdentity(identity: Partial<Record<keyof Identity, unknown>>): Identity {
  const parts = [
    'caCertificate',
    'serverCertificate',
    'serverKey',
    'adminCertificate',
    'adminKey',
    'adminToken',
    'tokenKey',
  ] as const;
  const missing = parts.find((part) => typeof identity[part] !== 'string');
  if (missing !== undefined) throw new Error(`${missing} is missing`);
  const whole = identity as Identity;
  new X509Certificate(whole.caCertificate);
  return whole;
}

function damaged(file: string, cause: unknown): PdrError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new PdrError('PDR1004', { subject: file, detail, cause });
}
