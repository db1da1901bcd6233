/**
 * Tokens: the administrator's, and those of service accounts.
 *
 * The latter are JWTs that this server signs and trusts, good until they end or the account (or the secret they are
 * bound to) is gone.
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
import { isJsonObject, valueAt, type JsonObject } from '../json/json.js';
import type { Store } from '../storage/store.js';
import { keyIdOf, keySet, openIdConfiguration, SIGNING_ALGORITHM } from './issuer-discovery.js';
import { AUTHENTICATED, MASTERS, type User } from './user.js';

/** For whom a token is meant that opens this API. */
const API_AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

/** A secret with which a token ends. */
export interface BoundSecret {
  readonly name: string;
  readonly uid: string;
}

export interface Bearer {
  readonly user: User;
  /** Those of the audiences asked for that the token is meant for. */
  readonly audiences: readonly string[];
}

export class Tokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;

  readonly #adminDigest: Buffer;

  constructor(
    { tokenKey, adminToken }: { readonly tokenKey: string; readonly adminToken: string },
    private readonly store: Store,
    private readonly clock: Clock,
    /** Where strangers find the key: the server's own address, known once it listens. */
    private readonly issuer: () => string,
  ) {
    this.#adminDigest = digest(adminToken);
    this.#privateKey = createPrivateKey(tokenKey);
    this.#publicKey = createPublicKey(this.#privateKey);
    this.#keyId = keyIdOf(this.#publicKey);
  }

  /** What `/.well-known/openid-configuration` says. */
  get openIdConfiguration() {
    return openIdConfiguration(this.issuer());
  }

  /** The key with which others check our tokens. */
  get keySet() {
    return keySet(this.#publicKey);
  }

  issue(
    { namespace, name }: ServiceAccountName,
    uid: string,
    lifetimeSeconds: number,
    wanted: readonly string[],
    secret?: BoundSecret,
  ) {
    const audiences = wanted.length === 0 ? [API_AUDIENCE] : wanted;
    const nowSeconds = Math.floor(this.clock.now() / 1000);
    const expirySeconds = nowSeconds + lifetimeSeconds;
    const claims = {
      iss: this.issuer(),
      sub: `system:serviceaccount:${namespace}:${name}`,
      aud: audiences,
      iat: nowSeconds,
      nbf: nowSeconds,
      exp: expirySeconds,
      jti: randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(secret === undefined ? {} : { secret }),
        serviceaccount: { name, uid },
      },
    };
    const signed = [{ alg: SIGNING_ALGORITHM, kid: this.#keyId }, claims]
      .map((part) => encode(JSON.stringify(part)))
      .join('.');
    const signature = sign('sha256', Buffer.from(signed), {
      key: this.#privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return { token: `${signed}.${encode(signature)}`, expirySeconds, audiences };
  }

  /** Whose token it is; undefined when it is none of ours, no longer good, or meant for none of these audiences. */
  authenticate(token: string, audiences: readonly string[] = [API_AUDIENCE]): Bearer | undefined {
    const bearer = this.#bearerOf(token);
    const shared = audiences.filter((audience) => bearer?.audiences.includes(audience) === true);
    return bearer === undefined || shared.length === 0
      ? undefined
      : { user: bearer.user, audiences: shared };
  }

  #bearerOf(token: string): Bearer | undefined {
    // Digests are of one length, so that comparing takes the same time whatever is wrong.
    if (timingSafeEqual(digest(token), this.#adminDigest)) {
      const user = { name: 'kubernetes-admin', groups: [MASTERS, AUTHENTICATED] };
      return { user, audiences: [API_AUDIENCE] };
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
    if (!this.#isSecretThere(claims, namespace)) return undefined;
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED];
    const extra = { 'authentication.kubernetes.io/credential-id': [`JTI=${String(claims.jti)}`] };
    const user = { name: `system:serviceaccount:${namespace}:${name}`, uid, groups, extra };
    return { user, audiences: [claims.aud].flat().map(String) };
  }

  #isSecretThere(claims: JsonObject, namespace: string): boolean {
    const bound = valueAt(claims, ['kubernetes.io', 'secret']);
    if (!isJsonObject(bound)) return true;
    const secret = this.store.get({ resource: 'secrets', namespace, name: String(bound.name) });
    return secret?.object.metadata.uid === bound.uid;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function encode(part: string | Buffer): string {
  return Buffer.from(part).toString('base64url');
}
