/**
 * The session: the caller's own bearer token in a cookie that only this server can read.
 *
 * Nothing is kept on the server, so that any replica can answer and a restart ends no session (where the key is the same).
 * Sealed with AES-256-GCM; the browser gives it to no script and to no other site.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../support/clock.js';

const NAME = 'payments-dr-session';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const LIFETIME_MS = 8 * 60 * 60 * 1000;
/** Browsers drop cookies of more than 4096 bytes, name and attributes included. */
const TOKEN_LIMIT_BYTES = 2800;

export class SessionCookie {
  /** @param key 32 bytes; every replica needs the same */
  constructor(
    private readonly key: Buffer,
    private readonly clock: Clock,
  ) {}

  static fits(token: string): boolean {
    return Buffer.byteLength(token) <= TOKEN_LIMIT_BYTES;
  }

  /** The value of Set-Cookie. */
  seal(token: string, isSecure: boolean): string {
    const expiresAtMs = this.clock.now() + LIFETIME_MS;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv);
    const sealed = Buffer.concat([
      iv,
      cipher.update(JSON.stringify({ token, expiresAtMs }), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return cookie(sealed.toString('base64url'), LIFETIME_MS / 1000, isSecure);
  }

  forget(isSecure: boolean): string {
    return cookie('', 0, isSecure);
  }

  /** The token of the request's session; undefined where there is none that is good. */
  open({ headers }: IncomingMessage): string | undefined {
    const value = headers.cookie
      ?.split(';')
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${NAME}=`))
      ?.slice(NAME.length + 1);
    if (value === undefined || value === '') return undefined;
    try {
      const sealed = Buffer.from(value, 'base64url');
      const decipher = createDecipheriv(CIPHER, this.key, sealed.subarray(0, IV_BYTES));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const text =
        decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') +
        decipher.final('utf8');
      const { token, expiresAtMs } = JSON.parse(text) as { token: string; expiresAtMs: number };
      return expiresAtMs > this.clock.now() ? token : undefined;
    } catch {
      return undefined; // sealed with another key, or not by us
    }
  }
}

function cookie(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${NAME}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`;
}
