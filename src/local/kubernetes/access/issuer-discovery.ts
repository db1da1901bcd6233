/**
 * Issuer discovery: how a stranger checks the tokens of service accounts, by OpenID Connect's documents.
 *
 * Whoever may read them is a matter of roles: by default service accounts alone, as on a real cluster.
 */
import { createHash, type KeyObject } from 'node:crypto';

export const OPENID_CONFIGURATION_PATH = '/.well-known/openid-configuration';
export const KEY_SET_PATH = '/openid/v1/jwks';
export const SIGNING_ALGORITHM = 'ES256';

export function openIdConfiguration(issuer: string) {
  return {
    issuer,
    jwks_uri: `${issuer}${KEY_SET_PATH}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
  };
}

export function keySet(publicKey: KeyObject) {
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const key = { use: 'sig', kty, kid: keyIdOf(publicKey), crv, alg: SIGNING_ALGORITHM, x, y };
  return { keys: [key] };
}

/** As the real server names its keys: after the digest of the key itself. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(der).digest('base64url');
}
