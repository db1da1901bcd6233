/** Temporary credentials of roles, from STS. */
import { AwsCallError } from '../external/aws-error.js';
import type { AssumeRole, Credentials } from './credentials.js';

/** The address of STS for a region, or AWS's own. */
export type StsAddress = (region: string) => string | undefined;

const REGION = 'us-east-1';

export async function assumeRole(
  { role, sessionName }: AssumeRole,
  by: Credentials,
  address: StsAddress,
): Promise<Credentials> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const endpoint = address(REGION);
  const client = new STSClient({
    region: REGION,
    credentials: by,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const command = new AssumeRoleCommand({
    RoleArn: role.roleARN,
    RoleSessionName: sessionName,
    ExternalId: role.externalID,
    Tags: role.tags?.map(({ key, value }) => ({ Key: key, Value: value })),
    TransitiveTagKeys: role.transitiveTagKeys && [...role.transitiveTagKeys],
  });
  try {
    return usable((await client.send(command)).Credentials);
  } catch (error) {
    throw AwsCallError.of('STS', 'AssumeRole', error);
  } finally {
    client.destroy();
  }
}

export async function assumeRoleWithWebIdentity(
  input: { roleArn: string; sessionName: string; token: string },
  address: StsAddress,
): Promise<Credentials> {
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
  const endpoint = address(REGION);
  const client = new STSClient({ region: REGION, ...(endpoint === undefined ? {} : { endpoint }) });
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: input.roleArn,
    RoleSessionName: input.sessionName,
    WebIdentityToken: input.token,
  });
  try {
    return usable((await client.send(command)).Credentials);
  } catch (error) {
    throw AwsCallError.of('STS', 'AssumeRoleWithWebIdentity', error);
  } finally {
    client.destroy();
  }
}

interface StsCredentials {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
  readonly SessionToken: string | undefined;
  readonly Expiration: Date | undefined;
}

function usable(credentials: StsCredentials | undefined): Credentials {
  if (!credentials?.AccessKeyId || !credentials.SecretAccessKey || !credentials.SessionToken) {
    throw new Error('STS answered without credentials');
  }
  return {
    accessKeyId: credentials.AccessKeyId,
    secretAccessKey: credentials.SecretAccessKey,
    sessionToken: credentials.SessionToken,
    ...(credentials.Expiration === undefined ? {} : { expiration: credentials.Expiration }),
  };
}
