/**
 * Credentials of a ProviderConfig: read from where `spec.credentials` points, then through `spec.assumeRoleChain`.
 *
 * Secrets hold the text of a shared credentials file, of which the profile `default` is used. Sources that only exist
 * in Amazon's or Upbound's machines are refused with the reason.
 */
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../support/clock.js';
import type {
  ProviderConfigSpec,
  RoleToAssume,
  SecretKeyRef,
  TokenConfig,
} from './provider-config.js';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they end; absent for those that do not. */
  readonly expiration?: Date;
}

/** What credentials are read from: Kubernetes secrets, the machine, and STS. */
export interface CredentialSources {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  secretKey(ref: SecretKeyRef): Promise<string>;
  /** Calls STS with these credentials, or without any. */
  assumeRole(input: AssumeRole, by: Credentials): Promise<Credentials>;
  assumeRoleWithWebIdentity(input: {
    roleArn: string;
    sessionName: string;
    token: string;
  }): Promise<Credentials>;
}

export interface AssumeRole {
  readonly role: RoleToAssume;
  readonly sessionName: string;
}

export async function credentialsOf(
  spec: ProviderConfigSpec,
  sources: CredentialSources,
): Promise<Credentials> {
  let credentials = await baseCredentials(spec, sources);
  for (const role of spec.assumeRoleChain ?? []) {
    credentials = await sources.assumeRole(
      { role, sessionName: sessionName(sources) },
      credentials,
    );
  }
  return credentials;
}

async function baseCredentials(
  { credentials: from }: ProviderConfigSpec,
  sources: CredentialSources,
): Promise<Credentials> {
  const { environment } = sources;
  switch (from.source) {
    case 'Secret':
      if (from.secretRef === undefined) {
        throw new Error(
          'cannot get credentials: cannot extract from secret key when none specified',
        );
      }
      return parseSharedCredentials(await sources.secretKey(from.secretRef));
    case 'Environment':
      return parseSharedCredentials(environment[from.env?.name ?? ''] ?? '');
    case 'Filesystem':
      return parseSharedCredentials(await readFile(from.fs?.path ?? '', 'utf8'));
    case 'WebIdentity': {
      const identity = from.webIdentity;
      if (identity?.roleARN === undefined) {
        throw new Error(
          'spec.credentials.webIdentity of ProviderConfig cannot be nil when the credential source is "WebIdentity"',
        );
      }
      return sources.assumeRoleWithWebIdentity({
        roleArn: identity.roleARN,
        sessionName: identity.roleSessionName ?? sessionName(sources),
        token: await webIdentityToken(identity.tokenConfig, sources),
      });
    }
    case 'IRSA': {
      const roleArn = environment.AWS_ROLE_ARN;
      if (roleArn === undefined) {
        throw new Error(
          'failed to get AWS config using IAM Roles for Service Accounts: AWS_ROLE_ARN is not set in the provider’s environment',
        );
      }
      return sources.assumeRoleWithWebIdentity({
        roleArn,
        sessionName: environment.AWS_ROLE_SESSION_NAME ?? sessionName(sources),
        token: await webIdentityToken(undefined, sources),
      });
    }
    case 'None':
    case 'PodIdentity':
    case 'Upbound':
      throw new Error(
        `cannot get credentials: credentials source ${from.source} is not supported by the local provider: use Secret, WebIdentity or IRSA`,
      );
  }
}

async function webIdentityToken(
  config: TokenConfig | undefined,
  sources: CredentialSources,
): Promise<string> {
  if (config?.source === 'Secret') {
    if (config.secretRef === undefined) {
      throw new Error('could not extract token from tokenSource: no secretRef specified');
    }
    return sources.secretKey(config.secretRef);
  }
  const path = config?.fs?.path ?? sources.environment.AWS_WEB_IDENTITY_TOKEN_FILE;
  if (path === undefined) {
    throw new Error(
      'failed to get AWS config using web identity token: neither tokenConfig nor AWS_WEB_IDENTITY_TOKEN_FILE names a token',
    );
  }
  return (await readFile(path, 'utf8')).trim();
}

/** The profile `default` of the text of a shared credentials file. */
export function parseSharedCredentials(text: string): Credentials {
  const profile = new Map<string, string>();
  let section = 'default';
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const header = /^\[(.+)\]$/.exec(line)?.[1];
    if (header !== undefined) section = header.trim().toLowerCase();
    else if (section === 'default') {
      const equals = line.indexOf('=');
      if (equals < 0)
        throw new Error(
          'cannot parse credentials secret: a line is neither a section nor key = value',
        );
      profile.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
    }
  }
  const accessKeyId = profile.get('aws_access_key_id');
  const secretAccessKey = profile.get('aws_secret_access_key');
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      'cannot parse credentials secret: profile default has no aws_access_key_id and aws_secret_access_key',
    );
  }
  const sessionToken = profile.get('aws_session_token');
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function sessionName({ clock }: CredentialSources): string {
  return `payments-dr-${clock.now()}`;
}
