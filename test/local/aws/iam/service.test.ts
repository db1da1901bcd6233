import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRoleTagsCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type { Clock } from '../../../../src/support/clock.js';
import { aClock } from '../../../builders/a-clock.js';
import { ACCOUNT, anAws, policy, type AnAws, type Keys } from '../an-aws.js';

const TRUST = policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' });
const READ_ROLES = policy({ Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' });
const HOUR_MS = 3600_000;

describe('IAM', () => {
  let aws: AnAws;
  let iam: IAMClient;
  let sts: STSClient;
  let names = 0;

  beforeAll(async () => {
    aws = await anAws();
    iam = new IAMClient(aws.clientOptions('us-east-1'));
    sts = new STSClient(aws.clientOptions('us-west-2'));
  });
  afterAll(async () => {
    iam.destroy();
    sts.destroy();
    await aws.stop();
  });

  async function aRole(trust = TRUST): Promise<string> {
    names += 1;
    const RoleName = `role-${names}`;
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    return RoleName;
  }

  const arnOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

  async function keysOf(name: string, extra: object = {}): Promise<Keys> {
    const command = new AssumeRoleCommand({
      RoleArn: arnOf(name),
      RoleSessionName: 'test',
      ...extra,
    });
    const { Credentials: keys } = await sts.send(command);
    return {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    };
  }

  const as = (keys: Keys) => new IAMClient(aws.clientOptions('us-east-1', keys));

  test('keeps a role as it was made', async () => {
    const made = await iam.send(
      new CreateRoleCommand({
        RoleName: 'kept',
        Path: '/team/',
        AssumeRolePolicyDocument: TRUST,
        Description: 'of <payments> & "more"',
        MaxSessionDuration: 7200,
        Tags: [{ Key: 'team', Value: 'payments' }],
      }),
    );
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: 'kept' }));
    expect(role).toMatchObject({
      RoleId: made.Role?.RoleId,
      Arn: `arn:aws:iam::${ACCOUNT}:role/team/kept`,
      Description: 'of <payments> & "more"',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'payments' }],
    });
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
  });

  test('changes tags and trust of a role', async () => {
    const RoleName = await aRole();
    await iam.send(
      new TagRoleCommand({
        RoleName,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] }));
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
    const trust = policy({
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
    await expect(keysOf(RoleName)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('deletes a role only when nothing hangs on it', async () => {
    const RoleName = await aRole();
    const PolicyName = 'inline';
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: READ_ROLES }));
    await expect(iam.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  test('keeps the versions of a managed policy, and attaches it', async () => {
    const RoleName = await aRole();
    const created = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: READ_ROLES }),
    );
    const PolicyArn = created.Policy?.Arn ?? '';
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies).toEqual([{ PolicyName: 'managed', PolicyArn }]);
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });

    const client = as(await keysOf(RoleName));
    await expect(client.send(new GetRoleCommand({ RoleName }))).resolves.toMatchObject({
      Role: { RoleName },
    });
    const nothing = policy({ Effect: 'Deny', Action: 'iam:*', Resource: '*' });
    await iam.send(
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: nothing, SetAsDefault: true }),
    );
    await expect(client.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    client.destroy();

    const v1 = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(v1.PolicyVersion).toMatchObject({ IsDefaultVersion: false });
    expect(decodeURIComponent(v1.PolicyVersion?.Document ?? '')).toBe(READ_ROLES);
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  });

  test('pages through its roles', async () => {
    await Promise.all([aRole(), aRole(), aRole()]);
    const first = await iam.send(new ListRolesCommand({ MaxItems: 2 }));
    expect(first).toMatchObject({ IsTruncated: true });
    const rest = await iam.send(new ListRolesCommand({ Marker: first.Marker }));
    const all = [...(first.Roles ?? []), ...(rest.Roles ?? [])].map((role) => role.RoleName);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    {
      sentence: 'a name that is taken, whatever its case',
      input: { RoleName: 'KEPT' },
      name: 'EntityAlreadyExistsException',
    },
    { sentence: 'a name with a slash', input: { RoleName: 'a/b' }, name: 'ValidationError' },
    {
      sentence: 'a trust policy that is none',
      input: { AssumeRolePolicyDocument: READ_ROLES },
      name: 'MalformedPolicyDocumentException',
    },
    {
      sentence: 'trust in a role that does not exist',
      input: {
        AssumeRolePolicyDocument: policy({
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/nobody` },
        }),
      },
      name: 'MalformedPolicyDocumentException',
    },
    {
      sentence: 'a trust policy about something else than becoming the role',
      input: { AssumeRolePolicyDocument: TRUST.replace('sts:AssumeRole', 's3:GetObject') },
      name: 'MalformedPolicyDocumentException',
    },
    {
      sentence: 'two tags whose keys differ in case alone',
      input: {
        Tags: [
          { Key: 'team', Value: 'a' },
          { Key: 'Team', Value: 'b' },
        ],
      },
      name: 'InvalidInputException',
    },
    {
      sentence: 'a permissions boundary, which is not supported',
      input: { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      name: 'ValidationError',
    },
  ])('refuses a role with $sentence', async ({ input, name }) => {
    const command = new CreateRoleCommand({
      RoleName: 'refused',
      AssumeRolePolicyDocument: TRUST,
      ...input,
    });
    await expect(iam.send(command)).rejects.toMatchObject({ name });
  });

  test('refuses what it does not have, by name', async () => {
    await expect(iam.send(new CreateUserCommand({ UserName: 'someone' }))).rejects.toMatchObject({
      name: 'InvalidAction',
      message: expect.stringContaining('iam:CreateUser'),
    });
  });

  test('words a denial as AWS does', async () => {
    const RoleName = await aRole();
    const client = as(await keysOf(RoleName));
    await expect(client.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/${RoleName}/test is not authorized to perform: iam:GetRole on resource: ${arnOf(RoleName)} because no identity-based policy allows the iam:GetRole action`,
    });
    client.destroy();
  });

  test('words a denial of S3 with the resource in quotes', async () => {
    const options = (keys?: Keys) => ({
      ...aws.clientOptions('us-east-1', keys),
      forcePathStyle: true,
    });
    const owner = new S3Client(options());
    const client = new S3Client(options(await keysOf(await aRole())));
    await owner.send(new CreateBucketCommand({ Bucket: 'theirs' }));
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'theirs' }))).rejects.toThrow(
      'is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::theirs" because',
    );
    owner.destroy();
    client.destroy();
  });

  test.each(['role/me', 'this is a long text but no ARN'])(
    'opens no session of what is no ARN: %s',
    async (RoleArn) => {
      await expect(
        sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' })),
      ).rejects.toMatchObject({ name: 'ValidationError' });
    },
  );

  test('lets a session do no more than the policy given with it', async () => {
    const RoleName = await aRole();
    const both = policy({
      Effect: 'Allow',
      Action: ['iam:GetRole', 'iam:GetRolePolicy'],
      Resource: '*',
    });
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'both', PolicyDocument: both }),
    );
    const client = as(await keysOf(RoleName, { Policy: READ_ROLES }));
    await expect(client.send(new GetRoleCommand({ RoleName }))).resolves.toBeDefined();
    const denied = client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'both' }));
    await expect(denied).rejects.toThrow(
      'because no session policy allows the iam:GetRolePolicy action',
    );
    client.destroy();
  });

  test('gives the sessions of a deleted role nothing, though a new one has its name', async () => {
    const RoleName = await aRole();
    const keys = await keysOf(RoleName);
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument: READ_ROLES }),
    );
    const client = as(keys);
    await expect(client.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    client.destroy();
  });
});

describe('STS', () => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((aws) => aws.stop())));

  async function start(clock?: Clock): Promise<AnAws> {
    const aws = await anAws(clock && { clock });
    opened.push(aws);
    return aws;
  }

  test('says who calls, and for how long a session is good', async () => {
    const clock = aClock(Date.now());
    const aws = await start(clock);
    const iam = new IAMClient(aws.clientOptions('us-east-1'));
    const root = new STSClient(aws.clientOptions('eu-west-1'));
    await iam.send(new CreateRoleCommand({ RoleName: 'app', AssumeRolePolicyDocument: TRUST }));
    await expect(root.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:root`,
    });

    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/app`;
    const { Credentials: keys } = await root.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds: 900 }),
    );
    expect(keys?.Expiration?.getTime()).toBe(clock.now() + 900_000);
    const session = new STSClient({
      ...aws.clientOptions('eu-west-1', {
        accessKeyId: keys?.AccessKeyId ?? '',
        secretAccessKey: keys?.SecretAccessKey ?? '',
        sessionToken: keys?.SessionToken ?? '',
      }),
    });
    await expect(session.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/app/me`,
    });
    await clock.leap(900_000);
    await expect(session.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
    for (const client of [iam, root, session]) client.destroy();
  });

  test("gives a session only within the role's limits, and to whom its trust names", async () => {
    const aws = await start();
    const iam = new IAMClient(aws.clientOptions('us-east-1'));
    const sts = new STSClient(aws.clientOptions('us-east-1'));
    const onlyWithId = policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
    });
    await iam.send(
      new CreateRoleCommand({ RoleName: 'app', AssumeRolePolicyDocument: onlyWithId }),
    );
    const wish = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/app`, RoleSessionName: 'me' };
    await expect(sts.send(new AssumeRoleCommand(wish))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(
      sts.send(new AssumeRoleCommand({ ...wish, ExternalId: 'secret' })),
    ).resolves.toBeDefined();
    const tooLong = new AssumeRoleCommand({
      ...wish,
      ExternalId: 'secret',
      DurationSeconds: (2 * HOUR_MS) / 1000,
    });
    await expect(sts.send(tooLong)).rejects.toMatchObject({ name: 'ValidationError' });
    const nobody = { ...wish, RoleArn: `arn:aws:iam::${ACCOUNT}:role/nobody` };
    await expect(sts.send(new AssumeRoleCommand(nobody))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    const claims = Buffer.from(JSON.stringify({ iss: 'https://issuer.example.org' })).toString(
      'base64url',
    );
    const web = new AssumeRoleWithWebIdentityCommand({
      ...wish,
      WebIdentityToken: `a.${claims}.c`,
    });
    await expect(sts.send(web)).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    });
    for (const client of [iam, sts]) client.destroy();
  });
});
