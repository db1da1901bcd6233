/** What IAM says of calls that nobody makes, and of the account as a whole. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  IAMClient,
  PutRolePolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACCOUNT, anAws, policy, type AnAws } from '../an-aws.js';

const TRUST = policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' });
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/payments`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/handler`;
/** The example of AWS's own documentation, with its answer below. */
const DOCUMENTED =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';

let aws: AnAws;
let iam: IAMClient;

beforeAll(async () => {
  aws = await anAws();
  iam = new IAMClient(aws.clientOptions('us-east-1'));
  await iam.send(new CreateRoleCommand({ RoleName: 'handler', AssumeRolePolicyDocument: TRUST }));
  const writes = policy(
    { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: TABLE },
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } },
    },
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'handler', PolicyName: 'writes', PolicyDocument: writes }),
  );
  const reads = policy({
    Effect: 'Allow',
    Action: 'dynamodb:GetItem',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
  });
  const { Policy: made } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'reads', PolicyDocument: reads }),
  );
  const PolicyArn = made?.Arn ?? '';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'handler', PolicyArn }));
});
afterAll(async () => {
  iam.destroy();
  await aws.stop();
});

function custom(input: object) {
  const asked = { ActionNames: ['dynamodb:CreateBackup'], PolicyInputList: [DOCUMENTED], ...input };
  return iam.send(new SimulateCustomPolicyCommand(asked));
}

const at = (when: string) => [
  { ContextKeyName: 'aws:CurrentTime', ContextKeyValues: [when], ContextKeyType: 'date' as const },
];

describe('a simulation', () => {
  test('answers the example of the documentation as the documentation does', async () => {
    const [allowed] = (await custom({ ContextEntries: at('2019-04-25T11:00:00Z') }))
      .EvaluationResults ?? [undefined];
    expect(allowed).toMatchObject({
      EvalActionName: 'dynamodb:CreateBackup',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: [
        {
          SourcePolicyId: 'PolicyInputList.1',
          StartPosition: { Line: 1, Column: 38 },
          EndPosition: { Line: 1, Column: 167 },
        },
      ],
    });
    const { EvaluationResults } = await custom({ ContextEntries: at('2014-04-25T11:00:00Z') });
    expect(EvaluationResults).toMatchObject([{ EvalDecision: 'implicitDeny' }]);
  });

  test.each([
    {
      sentence: 'what an inline policy of the role allows',
      action: 'dynamodb:PutItem',
      resource: TABLE,
      decision: 'allowed',
      by: ['role_handler_writes'],
      missing: [],
    },
    {
      sentence: 'what one statement allows and another denies',
      action: 'dynamodb:PutItem',
      resource: TABLE.replace('us-east-1', 'eu-west-1'),
      decision: 'explicitDeny',
      by: ['role_handler_writes'],
      missing: [],
    },
    {
      sentence: 'what hangs on a key that the call lacks',
      action: 'dynamodb:GetItem',
      resource: TABLE,
      decision: 'implicitDeny',
      by: [],
      missing: ['aws:PrincipalOrgID'],
    },
    {
      sentence: 'what hangs on a key that is given',
      action: 'dynamodb:GetItem',
      resource: TABLE,
      context: [{ ContextKeyName: 'aws:principalorgid', ContextKeyValues: ['o-1'] }],
      decision: 'allowed',
      by: ['reads'],
      missing: [],
    },
    {
      sentence: 'what no statement speaks of',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::bucket/key',
      context: [{ ContextKeyName: 'aws:RequestedRegion', ContextKeyValues: ['us-east-1'] }],
      decision: 'implicitDeny',
      by: [],
      missing: [],
    },
  ])('of a role says $sentence', async ({ action, resource, context, decision, by, missing }) => {
    const { EvaluationResults: [result] = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: ROLE,
        ActionNames: [action],
        ResourceArns: [resource],
        ContextEntries: context?.map((entry) => ({ ...entry, ContextKeyType: 'string' })),
      }),
    );
    expect(result).toMatchObject({ EvalDecision: decision, MissingContextValues: missing });
    expect(result?.MatchedStatements?.map(({ SourcePolicyId }) => SourcePolicyId)).toEqual(by);
  });

  test('points at the statement that decides', async () => {
    const text = JSON.stringify(
      {
        Version: '2012-10-17',
        Statement: [
          { Sid: 'a"]{', Effect: 'Allow', Action: 's3:*', Resource: '*' },
          { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
        ],
      },
      undefined,
      2,
    );
    const { EvaluationResults } = await custom({
      PolicyInputList: [text],
      ActionNames: ['s3:GetObject', 's3:PutObject'],
    });
    expect(EvaluationResults?.map(({ MatchedStatements: [one] = [] }) => one)).toMatchObject([
      { StartPosition: { Line: 3, Column: 17 }, EndPosition: { Line: 9, Column: 6 } },
      { StartPosition: { Line: 9, Column: 6 }, EndPosition: { Line: 14, Column: 6 } },
    ]);
  });

  test('asks each action of each resource, in pages', async () => {
    const asked = { ActionNames: ['s3:GetObject', 's3:PutObject'], MaxItems: 3 };
    const ResourceArns = ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'];
    const first = await custom({ ...asked, ResourceArns });
    const second = await custom({ ...asked, ResourceArns, Marker: first.Marker });
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
    const results = [...(first.EvaluationResults ?? []), ...(second.EvaluationResults ?? [])];
    expect(
      results.map(({ EvalActionName, EvalResourceName }) => [EvalActionName, EvalResourceName]),
    ).toEqual(asked.ActionNames.flatMap((name) => ResourceArns.map((arn) => [name, arn])));
  });

  test.each([
    { sentence: 'a policy that is none', input: { PolicyInputList: ['{'] } },
    { sentence: 'an action without its service', input: { ActionNames: ['GetObject'] } },
    { sentence: 'a resource that is no ARN', input: { ResourceArns: ['bucket'] } },
  ])('is refused with $sentence', async ({ input }) => {
    await expect(custom(input)).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  test('of a role that does not exist is refused', async () => {
    const asked = { PolicySourceArn: `${ROLE}-2`, ActionNames: ['s3:GetObject'] };
    await expect(iam.send(new SimulatePrincipalPolicyCommand(asked))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});

describe('the account', () => {
  test('is counted', async () => {
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
    expect(SummaryMap).toMatchObject({
      Roles: 1,
      Policies: 1,
      Users: 0,
      VersionsPerPolicyQuota: 5,
    });
  });

  test('is shown with its roles and the policies that they have', async () => {
    const all = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
    expect(all.RoleDetailList).toMatchObject([
      {
        RoleName: 'handler',
        RolePolicyList: [{ PolicyName: 'writes' }],
        AttachedManagedPolicies: [{ PolicyName: 'reads' }],
      },
    ]);
    expect(all.Policies).toMatchObject([
      { PolicyName: 'reads', PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true }] },
    ]);
    const filtered = new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'] });
    const { RoleDetailList, Policies } = await iam.send(filtered);
    expect([RoleDetailList?.length, Policies?.length]).toEqual([0, 1]);
  });
});
