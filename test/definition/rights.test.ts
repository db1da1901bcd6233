/**
 * Rights no wider than needed: the policies of a claim, as the Composition renders them, judged as IAM judges.
 *
 * Each role is asked for every action on every resource of a list that has its own and their neighbours: what it needs is
 * allowed, and all the rest is not.
 */
import { describe, expect, test } from '@jest/globals';
import { parsePolicy } from '../../src/local/aws/policy/document.js';
import {
  evaluateIdentityPolicy,
  evaluateResourcePolicy,
} from '../../src/local/aws/policy/evaluate.js';
import type { Principal } from '../../src/local/aws/service.js';
import { FORMS } from '../../src/model/managed/kind.js';
import { awsNames } from '../../src/model/names.js';
import { otherSite, SITES, type Site } from '../../src/model/regions.js';
import { at, compose } from '../builders/composed.js';

const ACCOUNT = '000000000042';
const REGION = { primary: 'us-east-1', secondary: 'us-west-2' } as const;
const NAMES = awsNames({ environmentSuffix: 'dev' });

const arn = (service: string, region: string, rest: string, account = ACCOUNT) =>
  `arn:aws:${service}:${region}:${account}:${rest}`;
const table = (site: Site) => arn('dynamodb', REGION[site], `table/${NAMES.table}`);
const bucket = (site: Site) => `arn:aws:s3:::${NAMES.bucket[site]}`;
const object = (site: Site) => `${bucket(site)}/transactions/tx-1.json`;
const topic = (site: Site) => arn('sns', REGION[site], NAMES.topic[site]);
const logGroup = (site: Site) =>
  arn('logs', REGION[site], `log-group:/aws/lambda/${NAMES.function[site]}`);
const key = (site: Site) =>
  arn('kms', REGION[site], `key/${'1'.repeat(8)}-2222-3333-4444-${'5'.repeat(12)}`);

const ENCRYPTION = {
  'SSE-S3': { mode: 'SSE-S3' },
  'SSE-KMS': {
    mode: 'SSE-KMS',
    kmsKeyArns: { primary: key('primary'), secondary: key('secondary') },
  },
} as const;
type Mode = keyof typeof ENCRYPTION;

/** By which service of which region a key is used; AWS says so in each request to KMS. */
const VIA = [
  'none',
  ...SITES.flatMap((site) =>
    ['s3', 'dynamodb', 'sns', 'lambda'].map((service) => `${service}.${REGION[site]}`),
  ),
];

const ACTIONS: Readonly<Record<string, string>> = {
  dynamodb:
    'PutItem GetItem Query UpdateItem DeleteItem Scan BatchWriteItem BatchGetItem DeleteTable UpdateTable DescribeTable GetRecords',
  s3: 'PutObject GetObject DeleteObject DeleteObjectVersion PutObjectAcl PutObjectTagging ListBucket ListBucketVersions DeleteBucket PutBucketPolicy PutLifecycleConfiguration GetReplicationConfiguration PutReplicationConfiguration GetObjectVersion GetObjectVersionForReplication GetObjectVersionAcl GetObjectVersionTagging ReplicateObject ReplicateDelete ReplicateTags ObjectOwnerOverrideToBucketOwner',
  sns: 'Publish Subscribe DeleteTopic SetTopicAttributes',
  logs: 'CreateLogGroup CreateLogStream PutLogEvents DeleteLogGroup GetLogEvents PutRetentionPolicy',
  kms: 'Decrypt Encrypt GenerateDataKey ReEncryptFrom CreateGrant ScheduleKeyDeletion DescribeKey',
  lambda: 'InvokeFunction UpdateFunctionCode',
  iam: 'PassRole PutRolePolicy',
  sts: 'AssumeRole',
};

const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  dynamodb: [
    ...SITES.flatMap((site) => [
      table(site),
      `${table(site)}/index/status-index`,
      `${table(site)}/stream/2026`,
      `${table(site)}/backup/1`,
    ]),
    table('primary').replace('us-east-1', 'eu-west-1'),
    table('primary').replace(ACCOUNT, '999999999999'),
    `${table('primary')}-2`,
    arn('dynamodb', 'us-east-1', 'table/payments-table-prod'),
  ],
  s3: [
    ...SITES.flatMap((site) => [bucket(site), object(site), `${bucket(site)}/other/tx-1.json`]),
    `${bucket('primary')}-2`,
    `${bucket('primary')}-2/transactions/tx-1.json`,
    'arn:aws:s3:::somebody-else/transactions/tx-1.json',
  ],
  sns: [
    ...SITES.map(topic),
    `${topic('primary')}-2`,
    arn('sns', REGION.secondary, NAMES.topic.primary),
    topic('primary').replace(ACCOUNT, '999999999999'),
  ],
  logs: [
    ...SITES.flatMap((site) => [logGroup(site), `${logGroup(site)}:log-stream:2026/11/26/1`]),
    arn('logs', REGION.secondary, `log-group:/aws/lambda/${NAMES.function.primary}`),
    `${logGroup('primary')}-2`,
    arn('logs', REGION.primary, 'log-group:/aws/lambda/other:log-stream:1'),
  ],
  kms: [...SITES.map(key), arn('kms', REGION.primary, 'key/other')],
  lambda: SITES.map((site) => arn('lambda', REGION[site], `function:${NAMES.function[site]}`)),
  iam: [`arn:aws:iam::${ACCOUNT}:role/${NAMES.functionRole}`],
  sts: [`arn:aws:iam::${ACCOUNT}:role/${NAMES.replicationRole}`],
};

/** Every question there is, as text that a person can read in a failed test. */
const QUESTIONS = Object.entries(ACTIONS).flatMap(([service, actions]) =>
  actions
    .split(' ')
    .flatMap((action) =>
      (RESOURCES[service] ?? []).flatMap((resource) =>
        (service === 'kms' ? VIA : ['none']).map(
          (via) => `${service}:${action} ${resource} via ${via}`,
        ),
      ),
    ),
);

const each = (actions: readonly string[], resources: readonly string[], via = 'none') =>
  actions.flatMap((action) => resources.map((resource) => `${action} ${resource} via ${via}`));

const NEEDED: Readonly<Record<string, (mode: Mode) => readonly string[]>> = {
  /** The calls of functions/payment-processor, Lambda's own under its role, and the reads that a person asks of it. */
  'function-role-policy': (mode) =>
    SITES.flatMap((site) => [
      ...each(
        ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        [table(site), `${table(site)}/index/status-index`],
      ),
      ...each(['s3:PutObject', 's3:GetObject'], [object(site)]),
      ...each(['sns:Publish'], [topic(site)]),
      ...each(
        ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        [logGroup(site), `${logGroup(site)}:log-stream:2026/11/26/1`],
      ),
      ...(mode === 'SSE-S3'
        ? []
        : [
            ...each(['kms:Decrypt', 'kms:GenerateDataKey'], [key(site)], `s3.${REGION[site]}`),
            ...each(['kms:Decrypt'], [key(site)], `dynamodb.${REGION[site]}`),
          ]),
    ]),
  /** AWS, "Setting up permissions for live replication": both ways, so both buckets are source and destination. */
  'replication-role-policy': (mode) =>
    SITES.flatMap((site) => [
      ...each(['s3:GetReplicationConfiguration', 's3:ListBucket'], [bucket(site)]),
      ...each(
        [
          's3:GetObjectVersionForReplication',
          's3:GetObjectVersionAcl',
          's3:GetObjectVersionTagging',
          's3:ReplicateObject',
          's3:ReplicateDelete',
          's3:ReplicateTags',
        ],
        [object(site), `${bucket(site)}/other/tx-1.json`],
      ),
      ...(mode === 'SSE-S3'
        ? []
        : each(['kms:Decrypt', 'kms:Encrypt'], [key(site)], `s3.${REGION[site]}`)),
    ]),
};

const CALLER: Principal = {
  kind: 'role',
  accountId: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/r`,
};

function allowedOf(document: string): string[] {
  const policy = parsePolicy(document, 'identity');
  return QUESTIONS.filter((question) => {
    const [action = '', resource = '', , via = ''] = question.split(' ');
    const context = via === 'none' ? [] : ([['kms:viaservice', [`${via}.amazonaws.com`]]] as const);
    const request = { caller: CALLER, action, resource, context: new Map(context) };
    return evaluateIdentityPolicy(policy, request) === 'allow';
  });
}

describe.each(FORMS)('in the %s form', (form) => {
  test.each(
    Object.keys(NEEDED).flatMap((role) =>
      (['SSE-S3', 'SSE-KMS'] as const).map((mode) => [role, mode] as const),
    ),
  )('%s with %s allows what is needed, in both regions, and nothing else', async (role, mode) => {
    const resources = await compose({ form, spec: { encryption: ENCRYPTION[mode] } });
    const document = at(resources.get(role), 'spec.forProvider.policy') as string;
    expect(allowedOf(document)).toEqual(
      QUESTIONS.filter((question) => NEEDED[role]?.(mode).includes(question)),
    );
    expect(NEEDED[role]?.(mode).filter((question) => !QUESTIONS.includes(question))).toEqual([]);
  });
});

const resources = await compose();
const policyOf = (template: string, field = 'policy') =>
  parsePolicy(at(resources.get(template), `spec.forProvider.${field}`) as string, 'resource');

function service(name: string): Principal {
  return { kind: 'service', service: name, accountId: ACCOUNT };
}

describe.each(SITES)('the topic of the %s region', (site) => {
  const alarmsIn = (where: Site) =>
    [...resources.values()]
      .filter(({ kind }) => kind === 'MetricAlarm')
      .filter((alarm) => at(alarm, 'spec.forProvider.region') === REGION[where])
      .map((alarm) =>
        arn('cloudwatch', REGION[where], `alarm:${at(alarm, 'metadata.name') as string}`),
      );
  const verdict = ({
    by = service('cloudwatch.amazonaws.com'),
    action = 'sns:Publish',
    alarm = '',
    account = ACCOUNT,
  }) =>
    evaluateResourcePolicy(
      policyOf(`topic-policy-${site}`),
      {
        caller: by,
        action,
        resource: topic(site),
        context: new Map([
          ['aws:sourcearn', [alarm]],
          ['aws:sourceaccount', [account]],
        ]),
      },
      { accountCounts: true },
    );
  const [own = ''] = alarmsIn(site);

  test('lets each alarm of its own region speak', () => {
    expect(alarmsIn(site).map((alarm) => verdict({ alarm }))).toEqual(Array(6).fill('allow'));
  });

  test.each([
    { who: 'an alarm of the other region', asks: { alarm: alarmsIn(otherSite(site))[0] ?? '' } },
    { who: 'another alarm of the account', asks: { alarm: `${own}-2` } },
    {
      who: 'an alarm of that name for another account',
      asks: { alarm: own, account: '999999999999' },
    },
    { who: 'another service', asks: { alarm: own, by: service('events.amazonaws.com') } },
    { who: 'a stranger', asks: { alarm: own, by: { kind: 'anonymous' } as Principal } },
    { who: 'an alarm that wants to subscribe', asks: { alarm: own, action: 'sns:Subscribe' } },
  ])('is silent to $who', ({ asks }) => {
    expect(verdict(asks)).toBe('silent');
  });
});

describe.each(SITES)('the bucket of the %s region', (site) => {
  test.each([
    ['false', 'deny'],
    ['true', 'silent'],
  ])('says of a request with aws:SecureTransport %s: %s', (secure, expected) => {
    const requests = [
      { action: 's3:GetObject', resource: object(site) },
      { action: 's3:ListBucket', resource: bucket(site) },
    ].map((asked) => ({
      caller: CALLER,
      ...asked,
      context: new Map([['aws:securetransport', [secure]]]),
    }));
    const verdicts = requests.map((request) =>
      evaluateResourcePolicy(policyOf(`bucket-policy-${site}`), request, { accountCounts: true }),
    );
    expect(verdicts).toEqual([expected, expected]);
  });
});

describe('a role', () => {
  test.each([
    ['function-role', 'lambda.amazonaws.com', 's3.amazonaws.com'],
    ['replication-role', 's3.amazonaws.com', 'lambda.amazonaws.com'],
  ])('%s is taken on by %s alone', (template, itsOwn, other) => {
    const trust = parsePolicy(
      at(resources.get(template), 'spec.forProvider.assumeRolePolicy') as string,
      'trust',
    );
    const verdicts = [service(itsOwn), service(other), CALLER].map((caller) =>
      evaluateResourcePolicy(
        trust,
        { caller, action: 'sts:AssumeRole', resource: '', context: new Map() },
        { accountCounts: true },
      ),
    );
    expect(verdicts).toEqual(['allow', 'silent', 'silent']);
  });
});
