/**
 * AssumeRoleWithWebIdentity: a session of a role for the holder of a token of an OpenID Connect provider that the role trusts.
 *
 * Called without a signature: the token is the credential. Login with Amazon and its like (`ProviderId`) are refused.
 */
import type { Operation } from '../protocols/operation-service.js';
import { AwsError, type Principal } from '../service.js';
import type { StsContext } from './sts-context.js';
import {
  describeSession,
  readDuration,
  readSessionName,
  readSessionPolicies,
} from './session-wishes.js';

const ACTION = 'sts:AssumeRoleWithWebIdentity';

export const assumeRoleWithWebIdentity: Operation<StsContext> = {
  name: 'AssumeRoleWithWebIdentity',
  parameters: [
    'RoleArn',
    'RoleSessionName',
    'WebIdentityToken',
    'PolicyArns',
    'Policy',
    'DurationSeconds',
  ],
  run: async (input, { region, cloud }, { directory, access }) => {
    const roleArn = input.requiredString('RoleArn');
    const sessionName = readSessionName(input);
    const token = input.requiredString('WebIdentityToken');
    if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(roleArn)) {
      throw new AwsError('ValidationError', 'Request ARN is invalid');
    }
    const nowMs = cloud.clockOf(region).now();
    // Few have a token: the rest need not wait at their start for what checks one.
    const { verifyWebIdentity } = await import('./web-identity-token.js');
    const identity = await verifyWebIdentity(token, directory.identityProviders, nowMs);
    const { provider, subject, audience, context } = identity;
    const caller: Principal = {
      kind: 'federated',
      accountId: cloud.accountId,
      provider: provider.arn,
      user: `${provider.arn}:${audience}:${subject}`,
    };
    const role = directory.findRoleByArn(roleArn);
    const asked = { ...context, 'sts:RoleSessionName': sessionName };
    // A role that does not exist and one that does not trust the token look the same from outside.
    if (role === undefined || access.trusts(role, caller, ACTION, asked) !== 'allow') {
      throw new AwsError('AccessDenied', `Not authorized to perform ${ACTION}`, 403);
    }
    const session = access.openSession({
      role,
      sessionName,
      durationSeconds: readDuration(input, role),
      sessionPolicies: readSessionPolicies(input, directory),
      federatedBy: provider.arn,
    });
    return {
      ...describeSession(session, role),
      SubjectFromWebIdentityToken: subject,
      Provider: provider.arn,
      Audience: audience,
    };
  },
};
