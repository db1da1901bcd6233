/**
 * The access keys this AWS knows: the administrator's, and those of sessions.
 *
 * A session's keys are not stored: its token carries them, encrypted with a key that only this AWS has, as real session
 * tokens do. So sessions cost nothing to keep, survive a restart, and cannot be forged.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomInt } from 'node:crypto';

import type { CloudState, SessionCredentials } from '../cloud.js';
import type { Principal } from '../service.js';

export interface Credentials {
  readonly secretAccessKey: string;
  readonly principal: Principal;
  /** Milliseconds since the epoch; undefined for keys that do not expire. */
  readonly expiresAtMs: number | undefined;
}

interface StoredKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Hex; encrypts session tokens. */
  readonly tokenKey: string;
}

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export class KeyRing {
  private constructor(
    private readonly stored: StoredKeys,
    private readonly administrator: Principal,
  ) {}

  /** The keys of this state: made at its first start, the same ever after. */
  static async open(state: CloudState, accountId: string): Promise<KeyRing> {
    const map = await state.map<StoredKeys>('iam.keys');
    const stored = map.get('administrator') ?? {
      accessKeyId: newAccessKeyId('AKIA'),
      secretAccessKey: newSecret(),
      tokenKey: randomBytes(32).toString('hex'),
    };
    await map.set('administrator', stored);
    return new KeyRing(stored, { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` });
  }

  get administratorKeys(): { readonly accessKeyId: string; readonly secretAccessKey: string } {
    const { accessKeyId, secretAccessKey } = this.stored;
    return { accessKeyId, secretAccessKey };
  }

  /** Credentials for a principal, good until `expiresAtMs`. */
  issue(principal: Principal, expiresAtMs: number): SessionCredentials {
    const session = {
      accessKeyId: newAccessKeyId('ASIA'),
      secretAccessKey: newSecret(),
      principal,
      expiresAtMs,
    };
    const { accessKeyId, secretAccessKey } = session;
    return { accessKeyId, secretAccessKey, sessionToken: this.seal(session), expiresAtMs };
  }

  /** Whose keys these are. A session that has expired is found: the caller looks at `expiresAtMs`. */
  find(
    accessKeyId: string,
    sessionToken: string | undefined,
  ): Credentials | 'unknown-key' | 'bad-token' {
    if (sessionToken === undefined) {
      if (accessKeyId !== this.stored.accessKeyId) return 'unknown-key';
      const { secretAccessKey } = this.stored;
      return { secretAccessKey, principal: this.administrator, expiresAtMs: undefined };
    }
    const session = this.unseal(sessionToken);
    return session?.accessKeyId === accessKeyId ? session : 'bad-token';
  }

  private seal(session: Session): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, Buffer.from(this.stored.tokenKey, 'hex'), iv);
    const text = Buffer.concat([cipher.update(JSON.stringify(session), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
  }

  private unseal(token: string): Session | undefined {
    const data = Buffer.from(token, 'base64');
    if (data.length <= IV_BYTES + TAG_BYTES) return undefined;
    const key = Buffer.from(this.stored.tokenKey, 'hex');
    const decipher = createDecipheriv(CIPHER, key, data.subarray(0, IV_BYTES));
    decipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      const text = decipher.update(data.subarray(IV_BYTES + TAG_BYTES));
      return JSON.parse(Buffer.concat([text, decipher.final()]).toString('utf8')) as Session;
    } catch {
      return undefined; // not sealed by this AWS
    }
  }
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function newAccessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  return newUniqueId(prefix);
}

/** An IAM unique id: four letters that say of what, and sixteen more. */
export function newUniqueId(prefix: string): string {
  return prefix + Array.from({ length: 16 }, () => BASE32.charAt(randomInt(32))).join('');
}

function newSecret(): string {
  return randomBytes(30).toString('base64');
}
