/**
 * AssumeRoleWithWebIdentity: refused as an account refuses that has no identity provider for the token's issuer, for this one
 * has none. A token that nobody has verified never becomes a session.
 */
import type { Operation } from '../protocols/operation-service.js';
import { AwsError } from '../service.js';
import type { StsContext } from './service.js';

export const assumeRoleWithWebIdentity: Operation<StsContext> = {
  name: 'AssumeRoleWithWebIdentity',
  parameters: [
    'RoleArn',
    'RoleSessionName',
    'WebIdentityToken',
    'ProviderId',
    'PolicyArns',
    'Policy',
    'DurationSeconds',
  ],
  run: (input) => {
    input.requiredString('RoleArn');
    input.requiredString('RoleSessionName');
    const issuer = readIssuer(input.requiredString('WebIdentityToken'));
    const message =
      issuer === undefined
        ? 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'
        : `No OpenIDConnect provider found in your account for ${issuer}`;
    throw new AwsError('InvalidIdentityToken', message);
  },
};

function readIssuer(token: string): string | undefined {
  try {
    const [, payload = ''] = token.split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const issuer = (claims as { iss?: unknown } | null)?.iss;
    return typeof issuer === 'string' ? issuer : undefined;
  } catch {
    return undefined;
  }
}
