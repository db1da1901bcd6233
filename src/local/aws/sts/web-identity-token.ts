/**
 * A web identity token, believed only when its issuer's key has signed it, for a client that the account's provider knows.
 *
 * The keys are read anew for each token, where AWS keeps them for a while.
 */
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JSONWebKeySet } from 'jose';

import {
  type IdentityProvider,
  type IdentityProviders,
} from '../iam/identity-providers/identity-provider.js';
import { IssuerError, readDocument } from '../iam/identity-providers/issuer.js';
import { AwsError } from '../service.js';

/** What STS takes ("Requirements for a JWT" of the IAM user guide). */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
const REQUIRED_CLAIMS = ['sub', 'aud', 'exp', 'iat'];
/** Would become tags and the source identity of the session, which sessions here do not have. */
const UNSUPPORTED_CLAIMS = [
  'https://aws.amazon.com/tags',
  'https://aws.amazon.com/source_identity',
];
const NO_KEY =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";

export interface WebIdentity {
  readonly provider: IdentityProvider;
  readonly subject: string;
  /** The client for which the token was issued. */
  readonly audience: string;
  /** Condition keys that its claims give: `<issuer>:sub`, `<issuer>:aud`, … */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

type Claims = Readonly<Record<string, unknown>>;

/** Throws `AwsError` InvalidIdentityToken, ExpiredTokenException or IDPCommunicationError. */
export async function verifyWebIdentity(
  token: string,
  providers: IdentityProviders,
  nowMs: number,
): Promise<WebIdentity> {
  const issuer = issuerOf(token);
  const provider = providers.findByIssuer(issuer);
  if (provider === undefined) {
    throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`);
  }
  const claims = await verifySignature(token, provider, nowMs);
  refuseUnsupported(claims);
  const audiences = textsOf(claims.aud);
  const presenter = typeof claims.azp === 'string' ? claims.azp : undefined;
  const candidates = presenter === undefined ? audiences : [presenter];
  const audience = candidates.find((candidate) => provider.clientIds.includes(candidate));
  if (audience === undefined) throw invalid('Incorrect token audience');
  const subject = String(claims.sub);
  return { provider, subject, audience, context: contextOf(provider, subject, claims) };
}

function issuerOf(token: string): string {
  try {
    const { iss } = decodeJwt(token);
    if (iss !== undefined) return iss;
  } catch {
    throw invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  throw invalid('Missing a required claim: iss');
}

async function verifySignature(
  token: string,
  provider: IdentityProvider,
  nowMs: number,
): Promise<Claims> {
  const keys = await keysOf(provider);
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: ALGORITHMS,
      requiredClaims: REQUIRED_CLAIMS,
      currentDate: new Date(nowMs),
    });
    return payload;
  } catch (error) {
    throw worded(error, nowMs);
  }
}

async function keysOf({ issuer, thumbprints }: IdentityProvider): Promise<JSONWebKeySet> {
  const url = `https://${issuer}`;
  try {
    const wellKnown = new URL(`${url.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { issuer: named, jwks_uri: place } = await readDocument(wellKnown, thumbprints);
    // An issuer speaks for itself alone.
    if (named !== url || typeof place !== 'string' || !place.startsWith('https://')) {
      throw invalid(NO_KEY);
    }
    const document = await readDocument(new URL(place), thumbprints);
    if (Array.isArray(document.keys)) return document as unknown as JSONWebKeySet;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    if (!(error instanceof IssuerError)) throw invalid(NO_KEY);
    switch (error.fault) {
      case 'unreachable':
        throw new AwsError(
          'IDPCommunicationError',
          `Unable to communicate with the identity provider ${url}`,
        );
      case 'untrusted':
        throw invalid(
          "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
        );
      case 'unreadable':
    }
  }
  throw invalid(NO_KEY);
}

function worded(error: unknown, nowMs: number): AwsError {
  if (error instanceof errors.JWTExpired) {
    const now = Math.floor(nowMs / 1000);
    const { exp = 0 } = error.payload;
    return new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'missing') {
    return invalid(`Missing a required claim: ${error.claim}`);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalid(`The claim ${error.claim} of the ID Token is not valid`);
  }
  if (error instanceof errors.JWKSNoMatchingKey) return invalid(NO_KEY);
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return invalid(`The ID Token must be signed with one of ${ALGORITHMS.join(', ')}`);
  }
  return invalid('The signature of the ID Token could not be verified');
}

function refuseUnsupported(claims: Claims): void {
  const claim = UNSUPPORTED_CLAIMS.find((name) => claims[name] !== undefined);
  if (claim === undefined) return;
  throw new AwsError('ValidationError', `The local AWS does not support the claim ${claim}.`);
}

function contextOf({ issuer }: IdentityProvider, subject: string, claims: Claims) {
  const audiences = textsOf(claims.aud);
  const methods = textsOf(claims.amr);
  // Where a token says which client presents it, that one is its audience.
  const isPresented = typeof claims.azp === 'string';
  return {
    [`${issuer}:sub`]: subject,
    [`${issuer}:aud`]: isPresented ? textsOf(claims.azp) : audiences,
    ...(isPresented && { [`${issuer}:oaud`]: audiences }),
    ...(methods.length > 0 && { [`${issuer}:amr`]: methods }),
  };
}

function textsOf(claim: unknown): string[] {
  return [claim].flat().filter((value) => typeof value === 'string');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message);
}
