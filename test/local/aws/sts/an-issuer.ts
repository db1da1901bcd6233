/** An issuer of web identity tokens: an HTTPS server of a test's own, with an authority that no machine knows. */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, SignJWT } from 'jose';
import { loadIdentity } from '../../../../src/local/kubernetes/certificates/authority.js';
import { systemClock } from '../../../../src/support/clock.js';

export interface AnIssuer {
  readonly url: string;
  /** As ARNs and condition keys name it. */
  readonly name: string;
  readonly thumbprint: string;
  /** What it answers beside its own documents, or instead of them. */
  readonly answers: Map<string, unknown>;
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  stop(): Promise<void>;
}

export const AUDIENCE = 'sts.amazonaws.com';

export async function anIssuer(): Promise<AnIssuer> {
  const dir = await mkdtemp(join(tmpdir(), 'issuer-'));
  const { serverCertificate, serverKey, tokenKey } = await loadIdentity(dir, systemClock);
  const privateKey = createPrivateKey(tokenKey);
  const answers = new Map<string, unknown>();
  const server = createServer({ cert: serverCertificate, key: serverKey }, (request, response) => {
    const answer = answers.get(request.url ?? '');
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `https://${name}`;
  const jwk = await exportJWK(createPublicKey(privateKey));
  answers.set('/.well-known/openid-configuration', { issuer: url, jwks_uri: `${url}/keys` });
  answers.set('/keys', { keys: [{ ...jwk, kid: 'one', alg: 'ES256', use: 'sig' }] });
  const { fingerprint } = new X509Certificate(serverCertificate);
  return {
    url,
    name,
    thumbprint: fingerprint.replaceAll(':', '').toLowerCase(),
    answers,
    token: (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: url, sub: 'provider', aud: AUDIENCE, iat: now, exp: now + 600 };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
        .sign(privateKey);
    },
    stop: async () => {
      await new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      });
      await rm(dir, { recursive: true });
    },
  };
}
