/** CreateOpenIDConnectProvider, GetOpenIDConnectProvider, ListOpenIDConnectProviders, DeleteOpenIDConnectProvider. */
import { IssuerError, readThumbprint } from '../identity-providers/issuer.js';
import type { IdentityProvider } from '../identity-providers/identity-provider.js';
import { AwsError } from '../../service.js';
import { invalidInput, mergeTags, writeTags, type IamOperation } from '../operation.js';
import type { Input } from '../../protocols/input.js';
import { checkClientIds, readThumbprints } from './identity-provider-settings.js';

/** IAM's quota for an account. */
const MAX_PROVIDERS = 100;

export const createOpenIdConnectProvider: IamOperation = {
  name: 'CreateOpenIDConnectProvider',
  parameters: ['Url', 'ClientIDList', 'ThumbprintList', 'Tags'],
  run: async (input, call, { identityProviders: providers, clock }) => {
    const url = readUrl(input);
    const issuer = url.slice('https://'.length);
    const arn = providers.arnOf(issuer);
    call.authorize('iam:CreateOpenIDConnectProvider', arn);
    const clientIds = [...new Set(input.strings('ClientIDList') ?? [])];
    checkClientIds(clientIds);
    const given = readThumbprints(input);
    refuseTaken(providers.has(arn), url);
    const thumbprints = given.length > 0 ? given : [await showedBy(url)];
    // Asking the issuer takes its time.
    refuseTaken(providers.has(arn), url);
    if (providers.list().length >= MAX_PROVIDERS) {
      const message = `Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${MAX_PROVIDERS}`;
      throw new AwsError('LimitExceeded', message, 409);
    }
    const tags = mergeTags({}, input.tags());
    const createdAtMs = clock.now();
    await providers.save({ arn, issuer, clientIds, thumbprints, createdAtMs, tags });
    return { OpenIDConnectProviderArn: arn, Tags: writeTags(tags) };
  },
};

export const getOpenIdConnectProvider: IamOperation = {
  name: 'GetOpenIDConnectProvider',
  parameters: ['OpenIDConnectProviderArn'],
  run: (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:GetOpenIDConnectProvider', arn);
    return describe(identityProviders.get(arn));
  },
};

export const listOpenIdConnectProviders: IamOperation = {
  name: 'ListOpenIDConnectProviders',
  parameters: [],
  run: (_input, call, { identityProviders }) => {
    call.authorize('iam:ListOpenIDConnectProviders', '*');
    return { OpenIDConnectProviderList: identityProviders.list().map(({ arn }) => ({ Arn: arn })) };
  },
};

/** Roles that trust it stay as they are, and are good for nobody. One that is gone already is gone. */
export const deleteOpenIdConnectProvider: IamOperation = {
  name: 'DeleteOpenIDConnectProvider',
  parameters: ['OpenIDConnectProviderArn'],
  run: async (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:DeleteOpenIDConnectProvider', arn);
    await identityProviders.delete(arn);
    return {};
  },
};

function describe({ issuer, clientIds, thumbprints, createdAtMs, tags }: IdentityProvider) {
  return {
    Url: issuer,
    ClientIDList: clientIds,
    ThumbprintList: thumbprints,
    CreateDate: new Date(createdAtMs),
    Tags: writeTags(tags),
  };
}

/** IAM wants no port in it; a cluster on this machine has no address without one, so a port is taken here. */
function readUrl(input: Input): string {
  const text = input.requiredString('Url');
  if (text.length > 255) {
    throw invalidInput('Url', 'Member must have length less than or equal to 255');
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.search === '' && url.hash === '' && url.username === '';
  if (text.startsWith('https://') && isPlain) return text;
  throw new AwsError('ValidationError', 'Invalid Open ID Connect Provider URL');
}

function refuseTaken(isTaken: boolean, url: string): void {
  if (!isTaken) return;
  throw new AwsError('EntityAlreadyExists', `Provider with url ${url} already exists.`, 409);
}

async function showedBy(url: string): Promise<string> {
  try {
    return await readThumbprint(new URL(url));
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error;
    const message = `Please check if URL ${url} is reachable and has a valid certificate.`;
    throw new AwsError('OpenIdIdpCommunicationError', message, 400);
  }
}
