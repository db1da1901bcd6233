/**
 * Tokens: the administrator's, and those of service accounts.
 *
 * The latter are JWTs that this server signs and trusts, good until they end or the account is gone.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomUUID,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { Clock } from '../../../support/clock.js';
import { isJsonObject, valueAt } from '../json/json.js';
import type { Store } from '../storage/store.js';
import { AUTHENTICATED, MASTERS, type User } from './user.js';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

export class Tokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  readonly #adminDigest: Buffer;

  constructor(
    { tokenKey, adminToken }: { readonly tokenKey: string; readonly adminToken: string },
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.#adminDigest = digest(adminToken);
    this.#privateKey = createPrivateKey(tokenKey);
    this.#publicKey = createPublicKey(this.#privateKey);
  }

  issue(
    { namespace, name }: ServiceAccountName,
    uid: string,
    lifetimeSeconds: number,
    audiences: readonly string[],
  ) {
    const nowSeconds = Math.floor(this.clock.now() / 1000);
    const expirySeconds = nowSeconds + lifetimeSeconds;
    const claims = {
      iss: ISSUER,
      sub: `system:serviceaccount:${namespace}:${name}`,
      aud: audiences.length === 0 ? [ISSUER] : audiences,
      iat: nowSeconds,
      nbf: nowSeconds,
      exp: expirySeconds,
      jti: randomUUID(),
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
    };
    const signed = [{ alg: 'ES256', typ: 'JWT' }, claims]
      .map((part) => encode(JSON.stringify(part)))
      .join('.');
    const signature = sign('sha256', Buffer.from(signed), {
      key: this.#privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return { token: `${signed}.${encode(signature)}`, expirySeconds };
  }

  /** Whose token it is; undefined when it is none of ours or no longer good. */
  authenticate(token: string): User | undefined {
    // Digests are of one length, so that comparing takes the same time whatever is wrong.
    if (timingSafeEqual(digest(token), this.#adminDigest)) {
      return { name: 'kubernetes-admin', groups: [MASTERS, AUTHENTICATED] };
    }
    const [header = '', payload = '', signature = ''] = token.split('.');
    if (signature === '') return undefined;
    const isOurs = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: this.#publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!isOurs) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (!isJsonObject(claims) || Number(claims.exp) * 1000 <= this.clock.now()) return undefined;
    const at = (...path: string[]) => String(valueAt(claims, ['kubernetes.io', ...path]));
    const [namespace, name, uid] = [
      at('namespace'),
      at('serviceaccount', 'name'),
      at('serviceaccount', 'uid'),
    ];
    const account = this.store.get({ resource: 'serviceaccounts', namespace, name });
    if (account?.object.metadata.uid !== uid) return undefined;
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED];
    return { name: `system:serviceaccount:${namespace}:${name}`, uid, groups };
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function encode(part: string | Buffer): string {
  return Buffer.from(part).toString('base64url');
}
