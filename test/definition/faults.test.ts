/** The faults of the blueprint that this replaces: each has a test that fails if it comes back. */
import { describe, expect, test } from '@jest/globals';
import { SITES } from '../../src/model/regions.js';
import { at, compose } from '../builders/composed.js';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

const resources = await compose();

function field(template: string, path: string, from = resources): unknown {
  return at(from.get(template), path);
}

function statements(template: string, from = resources): readonly Statement[] {
  const document = field(template, 'spec.forProvider.policy', from) as string;
  return (JSON.parse(document) as { Statement: readonly Statement[] }).Statement;
}

function allowed(template: string, action: string): string[] {
  return statements(template)
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes(action))
    .flatMap(({ Resource }) => Resource);
}

describe('the alarm on throttled reads and writes', () => {
  test.each(SITES)('watches metrics that DynamoDB publishes by table, in the %s region', (site) => {
    const queries = field(`alarm-table-throttles-${site}`, 'spec.forProvider.metricQuery') as {
      metric?: {
        metricName: string;
        dimensions: unknown;
        namespace: string;
        stat: string;
        period: number;
      };
    }[];
    expect(queries.flatMap(({ metric }) => metric ?? [])).toEqual(
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((metricName) => ({
        namespace: 'AWS/DynamoDB',
        metricName,
        stat: 'Sum',
        period: 300,
        dimensions: { TableName: 'payments-table-dev' },
      })),
    );
  });

  test('counts reads when no write was refused, and the other way round', () => {
    expect(
      field('alarm-table-throttles-primary', 'spec.forProvider.metricQuery[0].expression'),
    ).toBe('FILL(reads, 0) + FILL(writes, 0)');
  });

  test('is not on UserErrors, which no table has', () => {
    expect(JSON.stringify([...resources.values()])).not.toContain('UserErrors');
  });
});

const WHICH = [...resources.keys()].flatMap((name) => /^alarm-(.*)-primary$/.exec(name)?.[1] ?? []);

describe('an alarm', () => {
  test.each([
    ['lambda-errors', 5, 60, 2],
    ['undelivered-failures', 0, 60, 1],
    ['table-throttles', 10, 300, 2],
    ['table-replication-latency', 30_000, 60, 3],
    ['audit-replication-latency', 900, 300, 3],
    ['audit-replication-failures', 0, 300, 1],
  ])('on %s goes off above %d in %d s, %d times', (which, threshold, periodSeconds, periods) => {
    for (const site of SITES) {
      const alarm = field(`alarm-${which}-${site}`, 'spec.forProvider') as Record<string, unknown>;
      expect(alarm).toMatchObject({
        threshold,
        evaluationPeriods: periods,
        comparisonOperator: 'GreaterThanThreshold',
      });
      expect(JSON.stringify(alarm)).toContain(`"period":${periodSeconds}`);
    }
  });

  test.each(SITES)('speaks to the topic of its own region: %s', (site) => {
    for (const which of WHICH) {
      const region = field(`alarm-${which}-${site}`, 'spec.forProvider.region') as string;
      expect(field(`alarm-${which}-${site}`, 'spec.forProvider.alarmActions')).toEqual([
        `arn:aws:sns:${region}:000000000042:payment-notifications-${site}-dev`,
      ]);
    }
  });

  test('is not made before the topic has an ARN, rather than made without an action', async () => {
    expect((await compose({ status: {} })).has('alarm-lambda-errors-primary')).toBe(false);
  });
});

describe('the role of the functions', () => {
  test.each(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'])(
    'may %s on the table and its index in both regions',
    (action) => {
      expect(allowed('function-role-policy', action)).toEqual([
        'arn:aws:dynamodb:us-east-1:000000000042:table/payments-table-dev',
        'arn:aws:dynamodb:us-east-1:000000000042:table/payments-table-dev/index/status-index',
        'arn:aws:dynamodb:us-west-2:000000000042:table/payments-table-dev',
        'arn:aws:dynamodb:us-west-2:000000000042:table/payments-table-dev/index/status-index',
      ]);
    },
  );

  test('may read and write audit objects in both buckets, and nothing else there', () => {
    expect(allowed('function-role-policy', 's3:PutObject')).toEqual([
      'arn:aws:s3:::payment-audit-primary-dev/transactions/*',
      'arn:aws:s3:::payment-audit-secondary-dev/transactions/*',
    ]);
    expect(allowed('function-role-policy', 's3:GetObject')).toEqual(
      allowed('function-role-policy', 's3:PutObject'),
    );
  });

  test('may write the logs of its two functions', () => {
    expect(allowed('function-role-policy', 'logs:PutLogEvents')).toEqual(
      [
        'us-east-1:000000000042:log-group:/aws/lambda/payment-processor-primary-dev',
        'us-west-2:000000000042:log-group:/aws/lambda/payment-processor-secondary-dev',
      ].flatMap((group) => [`arn:aws:logs:${group}`, `arn:aws:logs:${group}:*`]),
    );
  });

  test('has no right to everything of anything', () => {
    const all = [...statements('function-role-policy'), ...statements('replication-role-policy')];
    expect(
      all
        .flatMap(({ Action, Resource }) => [Action, Resource].flat())
        .filter((word) => /^\*$|:\*$/.test(word)),
    ).toEqual(
      allowed('function-role-policy', 'logs:PutLogEvents').filter((arn) => arn.endsWith(':*')),
    );
  });

  test('is given no rights before the account is known, rather than rights on wildcards', async () => {
    expect((await compose({ status: {} })).has('function-role-policy')).toBe(false);
  });

  test('is only for Lambda to take on', () => {
    expect(field('function-role', 'spec.forProvider.assumeRolePolicy')).toContain(
      '"Service":"lambda.amazonaws.com"',
    );
  });
});

describe('a function', () => {
  test.each([
    ['primary', 'us-east-1'],
    ['secondary', 'us-west-2'],
  ])('is a container image of the ECR of its own region: %s', (site, region) => {
    expect(field(`function-${site}`, 'spec.forProvider')).toMatchObject({
      region,
      packageType: 'Image',
      imageUri: `123456789012.dkr.ecr.${region}.amazonaws.com/payment-processor:1.4.2`,
      architectures: ['x86_64'],
      environment: {
        variables: {
          DYNAMODB_TABLE: 'payments-table-dev',
          S3_BUCKET: `payment-audit-${site}-dev`,
          REGION: region,
        },
      },
    });
  });

  test('is named by digest where the claim gives one', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const handler = { image: { registryId: '123456789012', repository: 'p', digest } };
    expect(
      field('function-primary', 'spec.forProvider.imageUri', await compose({ spec: { handler } })),
    ).toBe(`123456789012.dkr.ecr.us-east-1.amazonaws.com/p@${digest}`);
  });
});

describe('replication of audit objects', () => {
  test('may carry tags and deletions, both ways', () => {
    for (const action of [
      's3:GetObjectVersionTagging',
      's3:ReplicateTags',
      's3:ReplicateDelete',
      's3:ReplicateObject',
    ]) {
      expect(allowed('replication-role-policy', action)).toEqual([
        'arn:aws:s3:::payment-audit-primary-dev/*',
        'arn:aws:s3:::payment-audit-secondary-dev/*',
      ]);
    }
  });

  test.each(SITES)(
    'goes from the %s region to the other, deletions and changed metadata too',
    (site) => {
      const other = site === 'primary' ? 'secondary' : 'primary';
      expect(field(`bucket-replication-${site}`, 'spec.forProvider')).toMatchObject({
        bucketSelector: { matchLabels: { 'payments.example.org/site': site } },
        rule: [
          {
            id: 'replicate-all',
            priority: 1,
            status: 'Enabled',
            filter: { prefix: '' },
            deleteMarkerReplication: { status: 'Enabled' },
            sourceSelectionCriteria: { replicaModifications: { status: 'Enabled' } },
            destination: {
              storageClass: 'STANDARD',
              metrics: { status: 'Enabled' },
              bucket: `arn:aws:s3:::payment-audit-${other}-dev`,
            },
          },
        ],
      });
    },
  );

  test('leaves nothing to be resolved inside a list, where an apply would undo it', () => {
    for (const site of SITES) {
      expect(
        JSON.stringify(field(`bucket-replication-${site}`, 'spec.forProvider.rule')),
      ).not.toMatch(/Selector|Ref"/);
    }
  });

  test.each(SITES)('waits until the bucket of the %s region keeps versions', async (site) => {
    const status = { ...structuredClone(FULL), [site]: { ...FULL[site], bucket: {} } };
    expect(
      [...(await compose({ status })).keys()].filter((name) =>
        name.startsWith('bucket-replication'),
      ),
    ).toEqual([]);
  });
});

const FULL = {
  accountId: '000000000042',
  primary: { bucket: { versioning: 'Enabled' } },
  secondary: { bucket: { versioning: 'Enabled' } },
};

describe('a topic', () => {
  test.each([
    ['primary', 'us-east-1'],
    ['secondary', 'us-west-2'],
  ])('is published to by every alarm of its own region, and no other: %s', (site, region) => {
    const alarms = [...resources.values()]
      .filter(({ kind }) => kind === 'MetricAlarm')
      .filter((alarm) => at(alarm, 'spec.forProvider.region') === region)
      .map((alarm) => at(alarm, 'metadata.name') as string);
    expect(alarms).toHaveLength(6);
    expect(statements(`topic-policy-${site}`)).toEqual([
      {
        Sid: 'AlarmsMayPublish',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: `arn:aws:sns:${region}:000000000042:payment-notifications-${site}-dev`,
        Condition: {
          StringEquals: { 'aws:SourceAccount': '000000000042' },
          ArnEquals: {
            'aws:SourceArn': alarms.map(
              (name) => `arn:aws:cloudwatch:${region}:000000000042:alarm:${name}`,
            ),
          },
        },
      },
    ]);
  });

  test.each(SITES)('is heard by somebody: %s', (site) => {
    expect(field(`topic-subscription-${site}`, 'spec.forProvider')).toMatchObject({
      protocol: 'email',
      endpoint: 'payments-oncall@example.org',
    });
  });
});
