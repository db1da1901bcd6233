import { describe, expect, test } from '@jest/globals';

import { parsePolicy } from '../../../../src/local/aws/policy/document.js';
import {
  evaluateIdentityPolicy,
  evaluateResourcePolicy,
  type PolicyRequest,
} from '../../../../src/local/aws/policy/evaluate.js';
import type { Principal } from '../../../../src/local/aws/service.js';
import { ACCOUNT, policy } from '../an-aws.js';

const ROLE: Principal = {
  kind: 'role',
  accountId: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/app/session`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/app`,
};
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/payments`;

function aRequest(
  overrides: Partial<Omit<PolicyRequest, 'context'>> & {
    context?: Record<string, string | string[]>;
  } = {},
): PolicyRequest {
  const { context = {}, ...rest } = overrides;
  return {
    caller: ROLE,
    action: 'dynamodb:PutItem',
    resource: TABLE,
    ...rest,
    context: new Map(
      Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()]),
    ),
  };
}

const allow = (overrides: object) => ({
  Effect: 'Allow',
  Action: '*',
  Resource: '*',
  ...overrides,
});

describe('a policy of a role', () => {
  test.each([
    {
      sentence: 'allows what it names',
      statement: { Action: 'dynamodb:PutItem', Resource: TABLE },
      verdict: 'allow',
    },
    {
      sentence: 'compares actions without regard to case',
      statement: { Action: 'DynamoDB:putitem' },
      verdict: 'allow',
    },
    {
      sentence: 'says nothing of another action',
      statement: { Action: 'dynamodb:GetItem' },
      verdict: 'silent',
    },
    {
      sentence: 'takes a star for any part of an action',
      statement: { Action: 'dynamodb:Put*' },
      verdict: 'allow',
    },
    {
      sentence: 'takes a question mark for one character',
      statement: { Action: 'dynamodb:PutIte?' },
      verdict: 'allow',
    },
    {
      sentence: 'does not take a question mark for none',
      statement: { Action: 'dynamodb:PutItem?' },
      verdict: 'silent',
    },
    {
      sentence: 'compares resources with regard to case',
      statement: { Resource: TABLE.toUpperCase().replace('ARN:', 'arn:') },
      verdict: 'silent',
    },
    {
      sentence: 'does not take a table for its index',
      statement: { Resource: `${TABLE}/index/*` },
      verdict: 'silent',
    },
    {
      sentence: 'does not take a longer name for a shorter',
      statement: { Resource: TABLE.slice(0, -1) },
      verdict: 'silent',
    },
    {
      sentence: 'allows all but what NotAction names',
      statement: { Action: undefined, NotAction: 'dynamodb:Delete*' },
      verdict: 'allow',
    },
    {
      sentence: 'leaves out what NotResource names',
      statement: { Resource: undefined, NotResource: `${TABLE}*` },
      verdict: 'silent',
    },
  ])('$sentence', ({ statement, verdict }) => {
    const document = parsePolicy(policy(allow(statement)), 'identity');
    expect(evaluateIdentityPolicy(document, aRequest())).toBe(verdict);
  });

  test('denies with one Deny among many Allows', () => {
    const document = parsePolicy(
      policy(allow({}), { Effect: 'Deny', Action: 'dynamodb:Put*', Resource: '*' }, allow({})),
      'identity',
    );
    expect(evaluateIdentityPolicy(document, aRequest())).toBe('deny');
  });

  test('knows variables since version 2012-10-17, not before', () => {
    const statement = allow({ Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*' });
    const request = aRequest({
      resource: 'arn:aws:s3:::b/payments/x',
      context: { 'aws:PrincipalTag/team': 'payments' },
    });
    const now = parsePolicy(policy(statement), 'identity');
    const before = parsePolicy(
      JSON.stringify({ Version: '2008-10-17', Statement: statement }),
      'identity',
    );
    expect(evaluateIdentityPolicy(now, request)).toBe('allow');
    expect(evaluateIdentityPolicy(before, request)).toBe('silent');
  });

  test('does not let a wildcard in through the value of a variable', () => {
    const document = parsePolicy(
      policy(allow({ Resource: 'arn:aws:s3:::b/${aws:userid}/x' })),
      'identity',
    );
    const request = aRequest({
      resource: 'arn:aws:s3:::b/other/x',
      context: { 'aws:userid': '*' },
    });
    expect(evaluateIdentityPolicy(document, request)).toBe('silent');
  });

  test('matches nothing with a variable that has no value', () => {
    const document = parsePolicy(
      policy(allow({ Resource: 'arn:aws:s3:::${aws:username}*' })),
      'identity',
    );
    expect(evaluateIdentityPolicy(document, aRequest({ resource: 'arn:aws:s3:::' }))).toBe(
      'silent',
    );
  });

  test('answers at once for a pattern made to be slow', () => {
    const pattern = `arn:aws:s3:::${'*a'.repeat(200)}b`;
    const document = parsePolicy(policy(allow({ Resource: pattern })), 'identity');
    const began = performance.now();
    expect(
      evaluateIdentityPolicy(document, aRequest({ resource: `arn:aws:s3:::${'a'.repeat(900)}` })),
    ).toBe('silent');
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('a condition', () => {
  const holds = (condition: object, context: Record<string, string | string[]>) =>
    evaluateIdentityPolicy(
      parsePolicy(policy(allow({ Condition: condition })), 'identity'),
      aRequest({ context }),
    ) === 'allow';

  test.each([
    {
      condition: { StringEquals: { 'aws:x': ['a', 'b'] } },
      context: { 'aws:X': 'b' },
      expected: true,
    },
    { condition: { StringEquals: { 'aws:x': 'a*' } }, context: { 'aws:x': 'ab' }, expected: false },
    { condition: { StringLike: { 'aws:x': 'a*' } }, context: { 'aws:x': 'ab' }, expected: true },
    { condition: { StringEquals: { 'aws:x': 'a' } }, context: {}, expected: false },
    { condition: { StringNotEquals: { 'aws:x': 'a' } }, context: {}, expected: true },
    {
      condition: { StringNotEquals: { 'aws:x': ['a', 'b'] } },
      context: { 'aws:x': 'b' },
      expected: false,
    },
    { condition: { StringEqualsIfExists: { 'aws:x': 'a' } }, context: {}, expected: true },
    {
      condition: { StringEqualsIfExists: { 'aws:x': 'a' } },
      context: { 'aws:x': 'b' },
      expected: false,
    },
    {
      condition: { StringEqualsIgnoreCase: { 'aws:x': 'A' } },
      context: { 'aws:x': 'a' },
      expected: true,
    },
    {
      condition: { Bool: { 'aws:SecureTransport': false } },
      context: { 'aws:securetransport': 'true' },
      expected: false,
    },
    {
      condition: { Bool: { 'aws:SecureTransport': 'true' } },
      context: { 'aws:securetransport': 'true' },
      expected: true,
    },
    { condition: { Null: { 'aws:x': 'true' } }, context: {}, expected: true },
    { condition: { Null: { 'aws:x': 'true' } }, context: { 'aws:x': 'a' }, expected: false },
    { condition: { NumericLessThan: { 'aws:x': 10 } }, context: { 'aws:x': '9' }, expected: true },
    {
      condition: { NumericLessThan: { 'aws:x': '10' } },
      context: { 'aws:x': 'nine' },
      expected: false,
    },
    {
      condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
      context: { 'aws:CurrentTime': '2026-01-02T00:00:00Z' },
      expected: true,
    },
    {
      condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      context: { 'aws:SourceIp': '10.1.2.3' },
      expected: true,
    },
    {
      condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      context: { 'aws:SourceIp': '10.1.2.3' },
      expected: false,
    },
    {
      condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:*:123456789012:alarm:*' } },
      context: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:a:b' },
      expected: true,
    },
    {
      condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:*:alarm:a' } },
      context: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:a' },
      expected: false,
    },
    {
      condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      context: { 'aws:TagKeys': ['a', 'c'] },
      expected: false,
    },
    {
      condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      context: {},
      expected: true,
    },
    {
      condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      context: { 'aws:TagKeys': ['a', 'c'] },
      expected: true,
    },
    {
      condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } },
      context: {},
      expected: false,
    },
    {
      condition: { StringEquals: { 'aws:x': 'a' }, Bool: { 'aws:y': 'true' } },
      context: { 'aws:x': 'a' },
      expected: false,
    },
  ])('$condition over $context holds: $expected', ({ condition, context, expected }) => {
    expect(holds(condition, context as Record<string, string | string[]>)).toBe(expected);
  });
});

describe('a policy on a resource', () => {
  const verdict = (statement: object, caller: Principal, accountCounts = false) =>
    evaluateResourcePolicy(
      parsePolicy(
        policy({ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*', ...statement }),
        'resource',
      ),
      aRequest({ caller }),
      { accountCounts },
    );
  const CLOUDWATCH: Principal = {
    kind: 'service',
    service: 'cloudwatch.amazonaws.com',
    accountId: ACCOUNT,
  };
  const ACCOUNT_ROOT = `arn:aws:iam::${ACCOUNT}:root`;

  test.each([
    {
      sentence: 'allows the role it names',
      principal: { AWS: ROLE.roleArn },
      caller: ROLE,
      expected: 'allow',
    },
    {
      sentence: 'allows the session it names',
      principal: { AWS: [ROLE.arn] },
      caller: ROLE,
      expected: 'allow',
    },
    {
      sentence: 'says nothing of another role',
      principal: { AWS: `${ROLE.roleArn}2` },
      caller: ROLE,
      expected: 'silent',
    },
    {
      sentence: 'leaves a role to its own policies where it names the account',
      principal: { AWS: ACCOUNT_ROOT },
      caller: ROLE,
      expected: 'silent',
    },
    {
      sentence: 'allows the service it names',
      principal: { Service: 'cloudwatch.amazonaws.com' },
      caller: CLOUDWATCH,
      expected: 'allow',
    },
    {
      sentence: 'says nothing of another service',
      principal: { Service: 's3.amazonaws.com' },
      caller: CLOUDWATCH,
      expected: 'silent',
    },
    {
      sentence: 'allows everyone, without credentials too, with a star',
      principal: '*',
      caller: { kind: 'anonymous' } as const,
      expected: 'allow',
    },
  ])('$sentence', ({ principal, caller, expected }) => {
    expect(verdict({ Principal: principal }, caller)).toBe(expected);
  });

  test('denies a role of the account where it denies the account', () => {
    expect(verdict({ Effect: 'Deny', Principal: { AWS: ACCOUNT } }, ROLE)).toBe('deny');
  });

  test('spares the one that NotPrincipal names from a Deny', () => {
    const statement = { Effect: 'Deny', NotPrincipal: { AWS: [ROLE.roleArn, ACCOUNT_ROOT] } };
    expect(verdict(statement, ROLE)).toBe('silent');
    expect(verdict(statement, CLOUDWATCH)).toBe('deny');
  });
});

describe('a policy document', () => {
  test.each([
    { sentence: 'that is no JSON', text: '{', kind: 'identity' },
    {
      sentence: 'of an unknown version',
      text: '{"Version":"2013-01-01","Statement":[]}',
      kind: 'identity',
    },
    { sentence: 'without statements', text: policy(), kind: 'identity' },
    {
      sentence: 'with an unknown member',
      text: policy(allow({ Resources: '*' })),
      kind: 'identity',
    },
    {
      sentence: 'with an action of no service',
      text: policy(allow({ Action: 'PutItem' })),
      kind: 'identity',
    },
    {
      sentence: 'with a resource that is no ARN',
      text: policy(allow({ Resource: 'payments' })),
      kind: 'identity',
    },
    {
      sentence: 'without a resource',
      text: policy({ Effect: 'Allow', Action: '*' }),
      kind: 'identity',
    },
    {
      sentence: 'with both Action and NotAction',
      text: policy(allow({ NotAction: 'a:b' })),
      kind: 'identity',
    },
    {
      sentence: 'of a role, with a principal',
      text: policy(allow({ Principal: '*' })),
      kind: 'identity',
    },
    { sentence: 'of a resource, without a principal', text: policy(allow({})), kind: 'resource' },
    {
      sentence: 'of trust, with a resource',
      text: policy(allow({ Principal: '*' })),
      kind: 'trust',
    },
    {
      sentence: 'with a condition operator nobody knows',
      text: policy(allow({ Condition: { StringIs: { 'aws:x': 'a' } } })),
      kind: 'identity',
    },
    {
      sentence: 'with an operator that has an unknown suffix',
      text: policy(allow({ Condition: { StringEqualsIfexists: { 'aws:x': 'a' } } })),
      kind: 'identity',
    },
    {
      sentence: 'with the same Sid twice',
      text: policy(allow({ Sid: 'a' }), allow({ Sid: 'a' })),
      kind: 'identity',
    },
  ] as const)('$sentence is refused', ({ text, kind }) => {
    expect(() => parsePolicy(text, kind)).toThrow(
      expect.objectContaining({ code: 'MalformedPolicyDocument' }),
    );
  });
});
