/** A token of an OpenID Connect provider becomes a session of a role, or does not, as AWS would say. */
import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACCOUNT, anAws, policy, type AnAws } from '../an-aws.js';
import { anIssuer, AUDIENCE, type AnIssuer } from './an-issuer.js';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/from-outside`;
const NO_KEY = /^Couldn't retrieve verification key from your identity provider/;
const CONFIGURATION = '/.well-known/openid-configuration';

let aws: AnAws;
let issuer: AnIssuer;
let stranger: AnIssuer;
let iam: IAMClient;
let sts: STSClient;
let provider: string;

beforeAll(async () => {
  [aws, issuer, stranger] = await Promise.all([anAws(), anIssuer(), anIssuer()]);
  iam = new IAMClient(aws.clientOptions('us-east-1'));
  sts = new STSClient(aws.clientOptions('us-west-2'));
  provider = await aProvider(issuer);
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${issuer.name}:aud`]: AUDIENCE,
        [`${issuer.name}:sub`]: 'provider',
      },
    },
  };
  await iam.send(
    new CreateRoleCommand({ RoleName: 'from-outside', AssumeRolePolicyDocument: policy(trust) }),
  );
});
afterAll(async () => {
  for (const client of [iam, sts]) client.destroy();
  await Promise.all([aws.stop(), issuer.stop(), stranger.stop()]);
});

/** The thumbprint is asked of the issuer where none is given. */
async function aProvider({ url }: AnIssuer, ThumbprintList?: string[]): Promise<string> {
  const { OpenIDConnectProviderArn: arn = '' } = await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: url,
      ClientIDList: [AUDIENCE, 'other'],
      ThumbprintList,
    }),
  );
  return arn;
}

function assume(token: string, more: object = {}) {
  const wish = { RoleArn: ROLE, RoleSessionName: 'test', WebIdentityToken: token, ...more };
  return sts.send(new AssumeRoleWithWebIdentityCommand(wish));
}

describe('a web identity', () => {
  test('becomes a session of the role that trusts it, without any keys', async () => {
    const answer = await assume(await issuer.token());
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'provider',
      Audience: AUDIENCE,
      Provider: provider,
    });
    const keys = {
      accessKeyId: answer.Credentials?.AccessKeyId ?? '',
      secretAccessKey: answer.Credentials?.SecretAccessKey ?? '',
      sessionToken: answer.Credentials?.SessionToken ?? '',
    };
    const session = new STSClient(aws.clientOptions('us-east-1', keys));
    const { Arn } = await session.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/from-outside/test`);
    const federated = new IAMClient(aws.clientOptions('us-east-1', keys));
    const list = () => federated.send(new ListOpenIDConnectProvidersCommand({}));
    await expect(list()).rejects.toMatchObject({ name: 'AccessDenied' });
    const onlyFederated = {
      Effect: 'Allow',
      Action: 'iam:*',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:FederatedProvider': provider } },
    };
    const PolicyDocument = policy(onlyFederated);
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'from-outside', PolicyName: 'p', PolicyDocument }),
    );
    expect((await list()).OpenIDConnectProviderList).toEqual([{ Arn: provider }]);
    for (const client of [session, federated]) client.destroy();
  });

  test.each([
    {
      sentence: 'that is no JWT',
      token: () => Promise.resolve('a.b.c'),
      name: 'InvalidIdentityTokenException',
      message: /not a valid JWT/,
    },
    {
      sentence: 'of an issuer that the account does not know',
      token: () => stranger.token(),
      name: 'InvalidIdentityTokenException',
      message: /^No OpenIDConnect provider found in your account for https:/,
    },
    {
      sentence: 'that another issuer signed in its name',
      token: () => stranger.token({ iss: issuer.url }),
      name: 'InvalidIdentityTokenException',
      message: /signature/,
    },
    {
      sentence: 'signed with a key that is not published',
      token: () => issuer.token({}, { kid: 'two' }),
      name: 'InvalidIdentityTokenException',
      message: NO_KEY,
    },
    {
      sentence: 'for a client that its provider does not know',
      token: () => issuer.token({ aud: 'somebody' }),
      name: 'InvalidIdentityTokenException',
      message: /^Incorrect token audience$/,
    },
    {
      sentence: 'presented by a client that its provider does not know',
      token: () => issuer.token({ azp: 'somebody' }),
      name: 'InvalidIdentityTokenException',
      message: /^Incorrect token audience$/,
    },
    {
      sentence: 'without an audience',
      token: () => issuer.token({ aud: undefined }),
      name: 'InvalidIdentityTokenException',
      message: /^Missing a required claim: aud$/,
    },
    {
      sentence: 'that has ended',
      token: () => issuer.token({ exp: 1_700_000_000 }),
      name: 'ExpiredTokenException',
      message:
        /^Token expired: current date\/time \d+ must be before the expiration date\/time ?17/,
    },
    {
      sentence: 'for a client that the role does not trust',
      token: () => issuer.token({ aud: 'other' }),
      name: 'AccessDenied',
      message: /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/,
    },
    {
      sentence: 'of a subject that the role does not trust',
      token: () => issuer.token({ sub: 'somebody' }),
      name: 'AccessDenied',
      message: /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/,
    },
    {
      sentence: 'for a role that does not exist',
      token: () => issuer.token(),
      more: { RoleArn: `${ROLE}-2` },
      name: 'AccessDenied',
      message: /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/,
    },
    {
      sentence: 'with tags for the session, which are not supported',
      token: () => issuer.token({ 'https://aws.amazon.com/tags': {} }),
      name: 'ValidationError',
      message: /tags/,
    },
  ])('$sentence is refused', async ({ token, more, name, message }) => {
    await expect(assume(await token(), more)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as unknown,
    });
  });

  test('is refused when its issuer names another or does not say its keys', async () => {
    const wellKnown = issuer.answers.get(CONFIGURATION);
    const refusal = {
      name: 'InvalidIdentityTokenException',
      message: expect.stringMatching(NO_KEY),
    };
    const token = await issuer.token();
    for (const answer of [undefined, { issuer: stranger.url, jwks_uri: `${stranger.url}/keys` }]) {
      issuer.answers.set(CONFIGURATION, answer);
      await expect(assume(token)).rejects.toMatchObject(refusal);
    }
    issuer.answers.set(CONFIGURATION, wellKnown);
    await expect(assume(token)).resolves.toBeDefined();
  });

  test('is refused when its issuer shows another certificate, or cannot be reached', async () => {
    const other = await anIssuer();
    const OpenIDConnectProviderArn = await aProvider(other, ['a'.repeat(40)]);
    const token = await other.token();
    await expect(assume(token)).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
      message: "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
    });
    const ThumbprintList = [other.thumbprint.toUpperCase()];
    await iam.send(
      new UpdateOpenIDConnectProviderThumbprintCommand({
        OpenIDConnectProviderArn,
        ThumbprintList,
      }),
    );
    await expect(assume(token)).rejects.toMatchObject({ name: 'AccessDenied' });
    await other.stop();
    await expect(assume(token)).rejects.toMatchObject({ name: 'IDPCommunicationErrorException' });
    await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    await expect(assume(token)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
  });
});

describe('an OpenID Connect provider', () => {
  test('is kept as it was made and changed', async () => {
    const OpenIDConnectProviderArn = await aProvider(stranger);
    const id = { OpenIDConnectProviderArn };
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ ...id, ClientID: 'third' }));
    await iam.send(
      new RemoveClientIDFromOpenIDConnectProviderCommand({ ...id, ClientID: 'other' }),
    );
    const Tags = [{ Key: 'team', Value: 'payments' }];
    await iam.send(new TagOpenIDConnectProviderCommand({ ...id, Tags }));
    expect(await iam.send(new GetOpenIDConnectProviderCommand(id))).toMatchObject({
      Url: stranger.name,
      ClientIDList: [AUDIENCE, 'third'],
      ThumbprintList: [stranger.thumbprint],
      Tags,
    });
    expect(await iam.send(new ListOpenIDConnectProviderTagsCommand(id))).toMatchObject({ Tags });
    await expect(aProvider(stranger)).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
    });
    await iam.send(new DeleteOpenIDConnectProviderCommand(id));
    await expect(iam.send(new GetOpenIDConnectProviderCommand(id))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  test.each([
    {
      sentence: 'an address without TLS',
      input: { Url: 'http://a.example.org' },
      name: 'ValidationError',
    },
    {
      sentence: 'an address with a query',
      input: { Url: 'https://a.example.org/?b' },
      name: 'ValidationError',
    },
    {
      sentence: 'a thumbprint that is none',
      input: { Url: 'https://a.example.org', ThumbprintList: ['abc'] },
      name: 'ValidationError',
    },
    {
      sentence: 'an address where nobody answers',
      input: { Url: 'https://127.0.0.1:1' },
      name: 'OpenIdIdpCommunicationErrorException',
    },
  ])('is refused with $sentence', async ({ input, name }) => {
    const command = new CreateOpenIDConnectProviderCommand(input);
    await expect(iam.send(command)).rejects.toMatchObject({ name });
  });
});
