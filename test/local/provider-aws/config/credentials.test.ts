import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  credentialsOf,
  parseSharedCredentials,
  type Credentials,
  type CredentialSources,
} from '../../../../src/local/provider-aws/config/credentials.js';
import type { ProviderConfigSpec } from '../../../../src/local/provider-aws/config/provider-config.js';
import { systemClock } from '../../../../src/support/clock.js';

const FILE = '[default]\naws_access_key_id = AKIA\naws_secret_access_key = abc=/+\n';

/** Sources whose STS answers with what it was asked, so that a test can tell. */
function sources(more: Partial<CredentialSources> = {}): CredentialSources {
  return {
    clock: systemClock,
    environment: {},
    secretKey: ({ name }) => (name === 'aws' ? Promise.resolve(FILE) : Promise.resolve('a-token')),
    assumeRole: ({ role }, by) =>
      Promise.resolve({ accessKeyId: `${by.accessKeyId}>${role.roleARN}`, secretAccessKey: 's' }),
    assumeRoleWithWebIdentity: ({ roleArn, token }) =>
      Promise.resolve({ accessKeyId: `${roleArn}:${token}`, secretAccessKey: 's' }),
    ...more,
  };
}

function resolve(
  spec: ProviderConfigSpec,
  more?: Partial<CredentialSources>,
): Promise<Credentials> {
  return credentialsOf(spec, sources(more));
}

describe('credentials', () => {
  let folder: string;
  let tokenFile: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'credentials-'));
    tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'file-token\n');
  });

  afterAll(() => rm(folder, { recursive: true }));

  test('come from the key of a secret', async () => {
    const secretRef = { name: 'aws', namespace: 'default', key: 'credentials' };
    await expect(resolve({ credentials: { source: 'Secret', secretRef } })).resolves.toEqual({
      accessKeyId: 'AKIA',
      secretAccessKey: 'abc=/+',
    });
  });

  test('of a web identity come from STS for the token in a file', async () => {
    const tokenConfig = { source: 'Filesystem', fs: { path: tokenFile } } as const;
    const webIdentity = { roleARN: 'role', tokenConfig };
    const { accessKeyId } = await resolve({ credentials: { source: 'WebIdentity', webIdentity } });
    expect(accessKeyId).toBe('role:file-token');
  });

  test('of a web identity come from STS for the token in a secret', async () => {
    const secretRef = { name: 'token', namespace: 'default', key: 'token' };
    const webIdentity = { roleARN: 'role', tokenConfig: { source: 'Secret', secretRef } as const };
    const { accessKeyId } = await resolve({ credentials: { source: 'WebIdentity', webIdentity } });
    expect(accessKeyId).toBe('role:a-token');
  });

  test('of IRSA come from STS for what the environment names', async () => {
    const environment = { AWS_ROLE_ARN: 'pod-role', AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile };
    const { accessKeyId } = await resolve({ credentials: { source: 'IRSA' } }, { environment });
    expect(accessKeyId).toBe('pod-role:file-token');
  });

  test('go through the chain of roles in order', async () => {
    const secretRef = { name: 'aws', namespace: 'default', key: 'credentials' };
    const assumeRoleChain = [{ roleARN: 'one' }, { roleARN: 'two' }];
    const { accessKeyId } = await resolve({
      credentials: { source: 'Secret', secretRef },
      assumeRoleChain,
    });
    expect(accessKeyId).toBe('AKIA>one>two');
  });

  test.each(['None', 'PodIdentity', 'Upbound'] as const)(
    'of source %s are refused with a reason',
    async (source) => {
      await expect(resolve({ credentials: { source } })).rejects.toThrow(source);
    },
  );
});

describe('a shared credentials file', () => {
  test('is read for its default profile, session token included', () => {
    const text = `# ours\n[other]\naws_access_key_id = no\n${FILE}aws_session_token = t\n`;
    expect(parseSharedCredentials(text)).toEqual({
      accessKeyId: 'AKIA',
      secretAccessKey: 'abc=/+',
      sessionToken: 't',
    });
  });

  test.each([
    '',
    '[default]\nnonsense',
    '[other]\naws_access_key_id = a\naws_secret_access_key = b',
  ])('without a default profile is refused (%#)', (text) => {
    expect(() => parseSharedCredentials(text)).toThrow('cannot parse credentials secret');
  });
});
