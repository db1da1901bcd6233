/**
 * Every kind's calls, made by the AWS SDK to the local AWS and to moto: what the provider asks for is what an AWS of other hands
 * understands too, and what that answers the provider reads back as what it asked for.
 */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AwsConnection } from '../../../src/local/provider-aws/config/aws-connection.js';
import type { External, Target } from '../../../src/local/provider-aws/external/external.js';
import { EXTERNALS } from '../../../src/local/provider-aws/externals.js';
import { moto, theLocalAws, type AnAws } from './an-aws.js';
import { converge, driftIn, regionOf } from './converge.js';
import { hasMoto } from './moto.js';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/replication-role`;
const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:notifications`;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['s3.amazonaws.com', 'lambda.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    },
  ],
});

function rightTo(...actions: string[]): string {
  const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function policyFor(action: string, resource: string): string {
  const Statement = [
    { Sid: 'one', Effect: 'Allow', Principal: '*', Action: [action], Resource: resource },
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

interface Case {
  readonly kind: keyof typeof EXTERNALS;
  readonly name: string;
  readonly forProvider: Record<string, unknown>;
  /** What is asked afterwards; absent where it cannot be changed. */
  readonly changed?: Record<string, unknown>;
  /** AWS keeps a setting of its own when this is deleted. */
  readonly stays?: true;
}

/** In an order in which each finds what it needs; deleted in the reverse order. */
const CASES: readonly Case[] = [
  {
    kind: 'Role',
    name: 'replication-role',
    forProvider: { assumeRolePolicy: TRUST, description: 'replicates', tags: { team: 'payments' } },
    changed: {
      description: 'replicates both ways',
      maxSessionDuration: 7200,
      tags: { team: 'other' },
    },
  },
  {
    kind: 'RolePolicy',
    name: 'replication',
    forProvider: { role: 'replication-role', policy: rightTo('sns:Publish') },
    changed: { policy: rightTo('sns:Publish', 's3:PutObject') },
  },
  {
    kind: 'Table',
    name: 'payments-table-dev',
    forProvider: {
      region: REGION,
      attribute: [
        { name: 'transaction_id', type: 'S' },
        { name: 'timestamp', type: 'N' },
        { name: 'status', type: 'S' },
      ],
      hashKey: 'transaction_id',
      rangeKey: 'timestamp',
      billingMode: 'PAY_PER_REQUEST',
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      globalSecondaryIndex: [
        { name: 'status-index', hashKey: 'status', rangeKey: 'timestamp', projectionType: 'ALL' },
      ],
      pointInTimeRecovery: { enabled: true },
      tags: { team: 'payments' },
    },
    changed: {
      deletionProtectionEnabled: false,
      pointInTimeRecovery: { enabled: false },
      ttl: { attributeName: 'expires', enabled: true },
      tags: { team: 'other' },
      globalSecondaryIndex: [],
    },
  },
  {
    kind: 'Bucket',
    name: 'payment-audit-primary-dev',
    forProvider: { region: REGION, tags: { team: 'payments' } },
    changed: { tags: { team: 'other', more: 'yes' } },
  },
  {
    kind: 'BucketVersioning',
    name: '',
    forProvider: {
      region: REGION,
      bucket: 'payment-audit-primary-dev',
      versioningConfiguration: { status: 'Enabled' },
    },
    changed: { versioningConfiguration: { status: 'Suspended' } },
    stays: true,
  },
  {
    kind: 'BucketPublicAccessBlock',
    name: '',
    forProvider: {
      region: REGION,
      bucket: 'payment-audit-primary-dev',
      blockPublicAcls: true,
      blockPublicPolicy: false,
    },
    changed: { ignorePublicAcls: true },
  },
  {
    kind: 'BucketServerSideEncryptionConfiguration',
    name: '',
    forProvider: {
      region: REGION,
      bucket: 'payment-audit-primary-dev',
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    },
    changed: {
      rule: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: 'aws:kms',
            kmsMasterKeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/k`,
          },
          bucketKeyEnabled: true,
        },
      ],
    },
    stays: true,
  },
  {
    kind: 'BucketPolicy',
    name: '',
    forProvider: {
      region: REGION,
      bucket: 'payment-audit-primary-dev',
      policy: policyFor('s3:*', 'arn:aws:s3:::payment-audit-primary-dev/*'),
    },
    changed: { policy: policyFor('s3:GetObject', 'arn:aws:s3:::payment-audit-primary-dev/*') },
  },
  {
    kind: 'BucketLifecycleConfiguration',
    name: '',
    forProvider: {
      region: REGION,
      bucket: 'payment-audit-primary-dev',
      rule: [
        {
          id: 'old-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: 90 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
    },
    changed: {
      rule: [
        {
          id: 'old-versions',
          status: 'Disabled',
          filter: [{ and: [{ prefix: 'a/', tags: { keep: 'no' } }] }],
          expiration: [{ days: 3 }],
        },
      ],
    },
  },
  {
    kind: 'Function',
    name: 'payment-processor-primary-dev',
    forProvider: {
      region: REGION,
      packageType: 'Image',
      imageUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/payment-processor:1.4.2`,
      role: ROLE_ARN,
      memorySize: 512,
      timeout: 30,
      environment: { variables: { REGION } },
      tags: { team: 'payments' },
    },
    changed: {
      imageUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/payment-processor:1.5.0`,
      memorySize: 1024,
      environment: { variables: { REGION, MORE: 'yes' } },
      reservedConcurrentExecutions: 5,
      tags: { team: 'other' },
    },
  },
  {
    kind: 'Topic',
    name: 'notifications',
    forProvider: { region: REGION, displayName: 'Payments', tags: { team: 'payments' } },
    changed: { displayName: 'Payments!', tags: { team: 'other' } },
  },
  {
    kind: 'FunctionEventInvokeConfig',
    name: '',
    forProvider: {
      region: REGION,
      functionName: 'payment-processor-primary-dev',
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: TOPIC_ARN } },
    },
    // Not changed: moto adds a second configuration when one is put again, and goes on answering the first.
  },
  {
    kind: 'TopicPolicy',
    name: '',
    forProvider: { region: REGION, arn: TOPIC_ARN, policy: policyFor('sns:Publish', TOPIC_ARN) },
    changed: { policy: policyFor('sns:Subscribe', TOPIC_ARN) },
    stays: true,
  },
  {
    kind: 'TopicSubscription',
    name: '',
    forProvider: {
      region: REGION,
      topicArn: TOPIC_ARN,
      protocol: 'email',
      endpoint: 'oncall@example.org',
    },
    // Takes the wider scope first, or SNS refuses the policy.
    changed: { filterPolicy: '{"alarm":{"state":["ALARM"]}}', filterPolicyScope: 'MessageBody' },
  },
  {
    kind: 'MetricAlarm',
    name: 'payment-lambda-errors-primary-dev',
    forProvider: {
      region: REGION,
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: { FunctionName: 'payment-processor-primary-dev' },
      statistic: 'Sum',
      period: 60,
      evaluationPeriods: 2,
      threshold: 5,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData: 'notBreaching',
      alarmActions: [TOPIC_ARN],
      tags: { team: 'payments' },
    },
    changed: { threshold: 7, alarmActions: [], tags: { team: 'other' } },
  },
];

describe('against the local AWS', () => {
  everyKind(theLocalAws, CASES.map(asTheLocalAwsTakesIt));
  whatMotoDoesNotHave();
});

(hasMoto ? describe : describe.skip)('against moto (moto_server on the PATH)', () => {
  everyKind(moto, CASES);
});

/** An e-mail subscription waits for its confirmation there, as in AWS. */
function asTheLocalAwsTakesIt(one: Case): Case {
  if (one.kind === 'TopicSubscription') return { ...one, stays: true };
  if (one.kind !== 'FunctionEventInvokeConfig') return one;
  return { ...one, changed: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 3600 } };
}

function everyKind(start: () => Promise<AnAws>, cases: readonly Case[]): void {
  let cloud: AnAws;
  let aws: AwsConnection;
  const names = new Map<Case['kind'], string>();

  beforeAll(async () => {
    cloud = await start();
    aws = connectionTo(cloud);
  }, 60_000);

  afterAll(async () => {
    aws.close();
    await cloud.stop();
  });

  function targetOf(
    { kind, name }: Case,
    forProvider: Record<string, unknown>,
  ): Target<Record<string, unknown>> {
    return { name: names.get(kind) ?? name, region: regionOf(forProvider), forProvider };
  }

  test.each(cases)('a $kind is created as it was asked for', async (one) => {
    const external = await EXTERNALS[one.kind]();
    const assigned = await external.create(targetOf(one, one.forProvider), aws);
    if (assigned !== undefined) names.set(one.kind, assigned);
    await converge(external, targetOf(one, one.forProvider), aws);
    expect(assigned === undefined).toBe(external.naming === 'given');
    expect(await driftIn(external, targetOf(one, one.forProvider), aws)).toEqual([]);
  });

  test.each(cases.filter(({ changed }) => changed))('a $kind is changed in place', async (one) => {
    const external = await EXTERNALS[one.kind]();
    const wanted = { ...one.forProvider, ...one.changed };
    expect(await driftIn(external, targetOf(one, wanted), aws)).not.toEqual([]);
    await converge(external, targetOf(one, wanted), aws);
    expect(await driftIn(external, targetOf(one, wanted), aws)).toEqual([]);
  });

  test.each([...cases].reverse())('a $kind is deleted', async (one) => {
    const external = await EXTERNALS[one.kind]();
    const target = targetOf(one, one.forProvider);
    const removal = await removed(external, target, aws);
    expect(removal).toBe(one.stays === true ? 'left' : 'requested');
  });
}

function whatMotoDoesNotHave(): void {
  let cloud: AnAws;
  let aws: AwsConnection;

  beforeAll(async () => {
    cloud = await theLocalAws();
    aws = connectionTo(cloud);
  });

  afterAll(async () => {
    aws.close();
    await cloud.stop();
  });

  async function made(kind: Case['kind'], name: string, forProvider: Record<string, unknown>) {
    const external = await EXTERNALS[kind]();
    const region = regionOf(forProvider);
    const assigned = await external.create({ name, region, forProvider }, aws);
    const target = { name: assigned ?? name, region, forProvider };
    await converge(external, target, aws);
    expect(await driftIn(external, target, aws)).toEqual([]);
    return { external, target };
  }

  test('a BucketReplicationConfiguration is created as it was asked for, and deleted', async () => {
    await made('Role', 'replicator', { assumeRolePolicy: TRUST });
    for (const [bucket, region] of [
      ['left', REGION],
      ['right', 'us-west-2'],
    ] as const) {
      await made('Bucket', `audit-${bucket}`, { region });
      const versioningConfiguration = { status: 'Enabled' };
      await made('BucketVersioning', '', {
        region,
        bucket: `audit-${bucket}`,
        versioningConfiguration,
      });
    }
    const { external, target } = await made('BucketReplicationConfiguration', '', {
      region: REGION,
      bucket: 'audit-left',
      role: `arn:aws:iam::${ACCOUNT}:role/replicator`,
      rule: [
        {
          id: 'replicate-all',
          priority: 1,
          status: 'Enabled',
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Enabled' },
          sourceSelectionCriteria: { replicaModifications: { status: 'Enabled' } },
          destination: { bucket: 'arn:aws:s3:::audit-right', storageClass: 'STANDARD' },
        },
      ],
    });
    expect(await removed(external, target, aws)).toBe('requested');
    expect(await external.observe(target, aws)).toEqual({ exists: false });
  });

  test('a Table gets its replica, with backups and tags, and loses both with the table', async () => {
    const forProvider = {
      region: REGION,
      attribute: [{ name: 'id', type: 'S' }],
      hashKey: 'id',
      billingMode: 'PAY_PER_REQUEST',
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      pointInTimeRecovery: { enabled: true },
      tags: { team: 'payments' },
    };
    const replica = [{ regionName: 'us-west-2', pointInTimeRecovery: true, propagateTags: true }];
    const { external, target } = await made('Table', 'global', { ...forProvider, replica });
    const seen = await external.observe(target, aws);
    expect(seen).toMatchObject({
      atProvider: {
        arn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/global`,
        replica: [
          {
            arn: `arn:aws:dynamodb:us-west-2:${ACCOUNT}:table/global`,
            streamArn: expect.any(String),
          },
        ],
      },
    });
    await removed(external, target, aws);
    const inOtherRegion = { ...target, region: 'us-west-2' };
    expect(await external.observe(inOtherRegion, aws)).toEqual({ exists: false });
  });

  test('a strong Table gets its replica and witness, and loses them with the table', async () => {
    const { external, target } = await made('Table', 'strong', {
      region: REGION,
      attribute: [{ name: 'id', type: 'S' }],
      hashKey: 'id',
      billingMode: 'PAY_PER_REQUEST',
      pointInTimeRecovery: { enabled: true },
      replica: [{ regionName: 'us-west-2', consistencyMode: 'STRONG', pointInTimeRecovery: true }],
      globalTableWitness: { regionName: 'us-east-2' },
    });
    const seen = await external.observe(target, aws);
    expect(seen).toMatchObject({
      atProvider: {
        replica: [{ regionName: 'us-west-2', consistencyMode: 'STRONG' }],
        globalTableWitness: { regionName: 'us-east-2' },
      },
    });
    expect(await removed(external, target, aws)).toBe('requested');
  });

  test('a Table under deletion protection keeps its replica when its deletion is refused', async () => {
    const { external, target } = await made('Table', 'protected', {
      region: REGION,
      attribute: [{ name: 'id', type: 'S' }],
      hashKey: 'id',
      billingMode: 'PAY_PER_REQUEST',
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      deletionProtectionEnabled: true,
      replica: [{ regionName: 'us-west-2' }],
    });
    await expect(removed(external, target, aws)).rejects.toThrow('protected against deletion');
    expect(await driftIn(external, target, aws)).toEqual([]);
  });

  test('a Bucket with objects is deleted only when forceDestroy says so', async () => {
    const { external, target } = await made('Bucket', 'full', { region: REGION });
    const s3 = aws.client('S3', S3Client, REGION);
    await made('BucketVersioning', '', {
      region: REGION,
      bucket: 'full',
      versioningConfiguration: { status: 'Enabled' },
    });
    for (const Body of ['one', 'two'])
      await s3.send(new PutObjectCommand({ Bucket: 'full', Key: 'k', Body }));
    await s3.send(new DeleteObjectCommand({ Bucket: 'full', Key: 'k' }));
    await expect(removed(external, target, aws)).rejects.toMatchObject({ code: 'BucketNotEmpty' });
    const forced = { ...target, forProvider: { ...target.forProvider, forceDestroy: true } };
    await removed(external, forced, aws);
    expect(await external.observe(target, aws)).toEqual({ exists: false });
  });
}

function connectionTo(cloud: AnAws): AwsConnection {
  return new AwsConnection({
    credentials: () => Promise.resolve(cloud.credentials),
    endpointOf: () => cloud.url,
    usePathStyle: true,
  });
}

/** Deletes as the reconciler does: step by step until it is gone, or left to AWS. */
async function removed(
  external: External,
  target: Target<Record<string, unknown>>,
  aws: AwsConnection,
): Promise<'requested' | 'left'> {
  let asked = false;
  for (;;) {
    const seen = await external.observe(target, aws);
    if (!seen.exists && asked) return 'requested';
    if (!seen.exists) throw new Error('it was not there');
    if (seen.busyWith !== undefined) continue;
    if ((await external.remove(target, aws, seen)) === 'left') return 'left';
    asked = true;
  }
}
