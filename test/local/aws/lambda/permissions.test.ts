/** The policy of a function: who may call it though nothing else says so. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACCOUNT, anAws, policy, type AnAws } from '../an-aws.js';

const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:pay`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/both`;
const id = { FunctionName: 'pay' };
const grant = { ...id, StatementId: 'one', Action: 'lambda:InvokeFunction', Principal: ROLE };

const bundle = join(tmpdir(), `permissions-${process.pid}.mjs`);

let aws: AnAws;
let owner: LambdaClient;
/** A session of a role without any policy of its own. */
let other: LambdaClient;

beforeAll(async () => {
  await writeFile(bundle, 'export const handler = () => ({});');
  aws = await anAws({ bundle });
  owner = new LambdaClient(aws.clientOptions('us-east-1'));
  const iam = new IAMClient(aws.clientOptions('us-east-1'));
  const sts = new STSClient(aws.clientOptions('us-east-1'));
  const AssumeRolePolicyDocument = policy({
    Effect: 'Allow',
    Principal: { AWS: ACCOUNT, Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  });
  await iam.send(new CreateRoleCommand({ RoleName: 'both', AssumeRolePolicyDocument }));
  const ImageUri = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/payment-processor:1`;
  await owner.send(
    new CreateFunctionCommand({ ...id, PackageType: 'Image', Code: { ImageUri }, Role: ROLE }),
  );
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'other' }),
  );
  other = new LambdaClient(
    aws.clientOptions('us-east-1', {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    }),
  );
  for (const client of [iam, sts]) client.destroy();
});
afterAll(async () => {
  for (const client of [owner, other]) client.destroy();
  await Promise.all([aws.stop(), rm(bundle)]);
});

const call = () => other.send(new InvokeCommand({ ...id, InvocationType: 'DryRun' }));

describe('a permission', () => {
  test('lets its principal call until it is taken away', async () => {
    await expect(call()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const { Statement } = await owner.send(new AddPermissionCommand(grant));
    expect(JSON.parse(Statement ?? '')).toEqual({
      Sid: 'one',
      Effect: 'Allow',
      Principal: { AWS: ROLE },
      Action: 'lambda:InvokeFunction',
      Resource: FUNCTION,
    });
    await expect(call()).resolves.toMatchObject({ StatusCode: 204 });
    await owner.send(new RemovePermissionCommand({ ...id, StatementId: 'one' }));
    await expect(call()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(owner.send(new GetPolicyCommand(id))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('for a service holds for the source that it names', async () => {
    const bucket = 'arn:aws:s3:::audit';
    const ofBucket = { SourceArn: bucket, SourceAccount: ACCOUNT, Principal: 's3.amazonaws.com' };
    await owner.send(new AddPermissionCommand({ ...grant, ...ofBucket, StatementId: 's3' }));
    const { Policy } = await owner.send(new GetPolicyCommand(id));
    expect(JSON.parse(Policy ?? '')).toMatchObject({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Principal: { Service: 's3.amazonaws.com' },
          Condition: {
            StringEquals: { 'AWS:SourceAccount': ACCOUNT },
            ArnLike: { 'AWS:SourceArn': bucket },
          },
        },
      ],
    });
    await expect(call()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await owner.send(new RemovePermissionCommand({ ...id, StatementId: 's3' }));
  });

  test('for everyone is for everyone with keys', async () => {
    const everyone = { ...grant, StatementId: 'all', Principal: '*' };
    await owner.send(new AddPermissionCommand(everyone));
    await expect(call()).resolves.toMatchObject({ StatusCode: 204 });
    const path = '/2015-03-31/functions/pay/invocations';
    const unsigned = await fetch(`${aws.regionUrls.get('us-east-1') ?? ''}${path}`, {
      method: 'POST',
    });
    expect([unsigned.status, unsigned.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
    await expect(owner.send(new AddPermissionCommand(everyone))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    const { RevisionId } = await owner.send(new GetPolicyCommand(id));
    const gone = { ...id, StatementId: 'all' };
    await expect(
      owner.send(new RemovePermissionCommand({ ...gone, RevisionId: 'another' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    await owner.send(new RemovePermissionCommand({ ...gone, RevisionId }));
  });

  test.each([
    {
      sentence: 'a principal that is none',
      input: { Principal: 'nobody' },
      name: 'InvalidParameterValueException',
    },
    {
      sentence: 'an action of another service',
      input: { Action: 's3:GetObject' },
      name: 'ValidationException',
    },
    { sentence: 'an id with a space', input: { StatementId: 'a b' }, name: 'ValidationException' },
    {
      sentence: 'an organisation, which is not supported',
      input: { PrincipalOrgID: 'o-a1b2c3d4e5' },
      name: 'InvalidParameterValueException',
    },
  ])('is refused with $sentence', async ({ input, name }) => {
    await expect(
      owner.send(new AddPermissionCommand({ ...grant, ...input })),
    ).rejects.toMatchObject({ name });
  });
});
