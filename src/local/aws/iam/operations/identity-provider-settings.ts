/** What changes of an OpenID Connect provider: its client ids, its thumbprints, its tags. */
import type { Input } from '../../protocols/input.js';
import { AwsError } from '../../service.js';
import {
  invalidInput,
  mergeTags,
  page,
  PAGE_PARAMETERS,
  withoutTags,
  writeTags,
  type IamOperation,
} from '../operation.js';

const MAX_CLIENT_IDS = 100;
const MAX_CLIENT_ID_LENGTH = 255;
const MAX_THUMBPRINTS = 5;

export const addClientId: IamOperation = {
  name: 'AddClientIDToOpenIDConnectProvider',
  parameters: ['OpenIDConnectProviderArn', 'ClientID'],
  run: async (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:AddClientIDToOpenIDConnectProvider', arn);
    const provider = identityProviders.get(arn);
    // One that is there already is no error.
    const clientIds = [...new Set([...provider.clientIds, input.requiredString('ClientID')])];
    checkClientIds(clientIds);
    await identityProviders.save({ ...provider, clientIds });
    return {};
  },
};

export const removeClientId: IamOperation = {
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  parameters: ['OpenIDConnectProviderArn', 'ClientID'],
  run: async (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:RemoveClientIDFromOpenIDConnectProvider', arn);
    const provider = identityProviders.get(arn);
    const gone = input.requiredString('ClientID');
    const clientIds = provider.clientIds.filter((clientId) => clientId !== gone);
    await identityProviders.save({ ...provider, clientIds });
    return {};
  },
};

export const updateThumbprint: IamOperation = {
  name: 'UpdateOpenIDConnectProviderThumbprint',
  parameters: ['OpenIDConnectProviderArn', 'ThumbprintList'],
  run: async (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:UpdateOpenIDConnectProviderThumbprint', arn);
    const provider = identityProviders.get(arn);
    await identityProviders.save({ ...provider, thumbprints: readThumbprints(input) });
    return {};
  },
};

export const tagIdentityProvider: IamOperation = {
  name: 'TagOpenIDConnectProvider',
  parameters: ['OpenIDConnectProviderArn', 'Tags'],
  run: async (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:TagOpenIDConnectProvider', arn);
    const provider = identityProviders.get(arn);
    const tags = mergeTags(provider.tags, input.tags());
    await identityProviders.save({ ...provider, tags });
    return {};
  },
};

export const untagIdentityProvider: IamOperation = {
  name: 'UntagOpenIDConnectProvider',
  parameters: ['OpenIDConnectProviderArn', 'TagKeys'],
  run: async (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:UntagOpenIDConnectProvider', arn);
    const provider = identityProviders.get(arn);
    const tags = withoutTags(provider.tags, input.strings('TagKeys') ?? []);
    await identityProviders.save({ ...provider, tags });
    return {};
  },
};

export const listIdentityProviderTags: IamOperation = {
  name: 'ListOpenIDConnectProviderTags',
  parameters: ['OpenIDConnectProviderArn', ...PAGE_PARAMETERS],
  run: (input, call, { identityProviders }) => {
    const arn = input.requiredString('OpenIDConnectProviderArn');
    call.authorize('iam:ListOpenIDConnectProviderTags', arn);
    const { items, ...rest } = page(writeTags(identityProviders.get(arn).tags), input);
    return { Tags: items, ...rest };
  },
};

/** Throws `AwsError` ValidationError or LimitExceeded. */
export function checkClientIds(clientIds: readonly string[]): void {
  if (clientIds.some(({ length }) => length < 1 || length > MAX_CLIENT_ID_LENGTH)) {
    throw invalidInput(
      'ClientIDList',
      `Member must satisfy constraint: [Member must have length less than or equal to ${MAX_CLIENT_ID_LENGTH}, Member must have length greater than or equal to 1]`,
    );
  }
  if (clientIds.length > MAX_CLIENT_IDS) {
    const message = `Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${MAX_CLIENT_IDS}`;
    throw new AwsError('LimitExceeded', message, 409);
  }
}

/** Hex digits in lower case. Throws `AwsError` ValidationError or InvalidInput. */
export function readThumbprints(input: Input): string[] {
  const thumbprints = input.strings('ThumbprintList') ?? [];
  if (thumbprints.some((thumbprint) => !/^[0-9a-f]{40}$/i.test(thumbprint))) {
    throw invalidInput(
      'ThumbprintList',
      'Member must satisfy constraint: [Member must have length less than or equal to 40, Member must have length greater than or equal to 40]',
    );
  }
  if (thumbprints.length > MAX_THUMBPRINTS) {
    throw new AwsError('InvalidInput', 'Thumbprint list must contain fewer than 5 entries.');
  }
  return thumbprints.map((thumbprint) => thumbprint.toLowerCase());
}
