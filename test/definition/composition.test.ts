/** What a claim becomes. */
import { describe, expect, test } from '@jest/globals';
import { FORMS } from '../../src/model/managed/kind.js';
import { STATUS } from '../../src/model/claim/status.js';
import { withDefaults } from '../builders/defaults.js';
import { KINDS } from '../../src/model/managed/kinds.js';
import { aClaim } from '../builders/claim.js';
import { at, compose, KNOWN_STATUS, run, templatesOf } from '../builders/composed.js';

const externalName = (resource: unknown) =>
  at(resource, 'metadata.annotations[crossplane.io/external-name]');

const COMPOSED = { cluster: await compose(), namespaced: await compose({ form: 'namespaced' }) };

/** The contract (kind, name in AWS, region). */
const CONTRACT = [
  ['table', 'payments-table-dev', 'us-east-1'],
  ['bucket-primary', 'payment-audit-primary-dev', 'us-east-1'],
  ['bucket-secondary', 'payment-audit-secondary-dev', 'us-west-2'],
  ['replication-role', 's3-replication-role-dev', undefined],
  ['function-role', 'payment-lambda-role-dev', undefined],
  ['function-primary', 'payment-processor-primary-dev', 'us-east-1'],
  ['function-secondary', 'payment-processor-secondary-dev', 'us-west-2'],
  ['topic-primary', 'payment-notifications-primary-dev', 'us-east-1'],
  ['topic-secondary', 'payment-notifications-secondary-dev', 'us-west-2'],
  ['alarm-lambda-errors-primary', 'payment-lambda-errors-primary-dev', 'us-east-1'],
  ['alarm-lambda-errors-secondary', 'payment-lambda-errors-secondary-dev', 'us-west-2'],
  ['alarm-table-throttles-primary', 'payments-table-throttle-dev', 'us-east-1'],
  ['alarm-table-throttles-secondary', 'payments-table-throttle-secondary-dev', 'us-west-2'],
  ['alarm-undelivered-failures-primary', 'payment-lambda-undelivered-primary-dev', 'us-east-1'],
  ['alarm-undelivered-failures-secondary', 'payment-lambda-undelivered-secondary-dev', 'us-west-2'],
  ...(['table', 's3'] as const).flatMap((what) =>
    (
      [
        ['primary', 'us-east-1'],
        ['secondary', 'us-west-2'],
      ] as const
    ).map(
      ([site, region]) =>
        [
          `alarm-${what === 's3' ? 'audit' : what}-replication-latency-${site}`,
          `payments-${what}-replication-latency-${site}-dev`,
          region,
        ] as const,
    ),
  ),
  [
    'alarm-audit-replication-failures-primary',
    'payments-s3-replication-failures-primary-dev',
    'us-east-1',
  ],
  [
    'alarm-audit-replication-failures-secondary',
    'payments-s3-replication-failures-secondary-dev',
    'us-west-2',
  ],
] as const;

describe.each(FORMS)('the Composition of the %s form', (form) => {
  const resources = COMPOSED[form];

  test.each(CONTRACT)('makes %s as %s', (template, name, region) => {
    const resource = resources.get(template);
    expect(externalName(resource)).toBe(name);
    expect(at(resource, 'metadata.name')).toBe(name);
    expect(at(resource, 'spec.forProvider.region')).toBe(region);
  });

  test('makes everything of every template once all is known', () => {
    expect([...resources.keys()].sort()).toEqual(
      templatesOf(form)
        .map(({ name }) => name)
        .sort(),
    );
    expect(resources.size).toBe(41);
  });

  test('uses every kind that the model has', () => {
    const kinds = new Set(templatesOf(form).map(({ base }) => base.kind));
    expect([...kinds].sort()).toEqual(Object.keys(KINDS).sort());
  });

  test('makes all but what needs an answer of AWS in the first pass', async () => {
    const first = await compose({ form, status: {} });
    const waiting = [...resources.keys()].filter((name) => !first.has(name));
    const alarms = waiting.filter((name) => name.startsWith('alarm-'));
    expect(alarms).toHaveLength(12);
    expect(waiting.filter((name) => !alarms.includes(name)).sort()).toEqual([
      'bucket-replication-primary',
      'bucket-replication-secondary',
      'function-event-invoke-primary',
      'function-event-invoke-secondary',
      'function-role-policy',
      'topic-policy-primary',
      'topic-policy-secondary',
    ]);
  });

  test('gives no two resources of a kind the same name, so that a second claim of the suffix is refused', () => {
    const names = [...resources.values()].map(
      (resource) => `${String(resource.kind)}/${String(at(resource, 'metadata.name'))}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test('puts the tags of the claim, and the name of the claim, on everything that takes tags', async () => {
    const tagged = await compose({ form, spec: { tags: { team: 'payments' } } });
    const taking = [...tagged.values()].filter(
      ({ kind }) => 'tags' in KINDS[kind as keyof typeof KINDS].forProvider.properties,
    );
    expect(taking.map((resource) => at(resource, 'spec.forProvider.tags'))).toEqual(
      taking.map(() => ({ team: 'payments', 'payments-dr-claim': 'team-payments/checkout' })),
    );
    expect(taking).toHaveLength(21);
  });
});

const [primary, secondary] = ['us-east-1', 'us-west-2'].map(
  (region) => `arn:aws:kms:${region}:000000000042:key/k`,
);
const WITH_KEYS = {
  primary,
  secondary,
  encryption: { mode: 'SSE-KMS', kmsKeyArns: { primary, secondary } },
} as const;

describe('the table', () => {
  test('is keyed by the payment, and replicated to the secondary region with backups in both', async () => {
    expect(at((await compose()).get('table'), 'spec.forProvider')).toEqual({
      region: 'us-east-1',
      billingMode: 'PAY_PER_REQUEST',
      attribute: [
        { name: 'transaction_id', type: 'S' },
        { name: 'timestamp', type: 'N' },
        { name: 'status', type: 'S' },
      ],
      hashKey: 'transaction_id',
      rangeKey: 'timestamp',
      globalSecondaryIndex: [
        { name: 'status-index', hashKey: 'status', rangeKey: 'timestamp', projectionType: 'ALL' },
      ],
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      tags: { 'payments-dr-claim': 'team-payments/checkout' },
      replica: [
        {
          regionName: 'us-west-2',
          deletionProtectionEnabled: true,
          consistencyMode: 'EVENTUAL',
          pointInTimeRecovery: true,
          propagateTags: true,
        },
      ],
    });
  });

  test('is not protected, nor its copy, where the claim gives its data up', async () => {
    const spec = { dataRetention: 'Delete' };
    expect(at((await compose({ spec })).get('table'), 'spec.forProvider')).toMatchObject({
      deletionProtectionEnabled: false,
      replica: [{ deletionProtectionEnabled: false }],
    });
  });

  test('is encrypted in each region with the key that the claim names there, or else by keys of DynamoDB', async () => {
    const { encryption, primary, secondary } = WITH_KEYS;
    expect(
      at((await compose({ spec: { encryption } })).get('table'), 'spec.forProvider'),
    ).toMatchObject({
      serverSideEncryption: { enabled: true, kmsKeyArn: primary },
      replica: [{ kmsKeyArn: secondary }],
    });
    const table = at((await compose()).get('table'), 'spec.forProvider');
    expect(at(table, 'serverSideEncryption')).toBeUndefined();
    expect(at(table, 'replica[0].kmsKeyArn')).toBeUndefined();
  });

  test('has a witness where the claim asks for strong consistency', async () => {
    const spec = { consistency: 'strong', regions: { witness: 'us-east-2' } };
    expect(at((await compose({ spec })).get('table'), 'spec.forProvider')).toMatchObject({
      replica: [{ consistencyMode: 'STRONG' }],
      globalTableWitness: { regionName: 'us-east-2' },
    });
  });
});

describe('the claim with its data', () => {
  const held = [
    'table',
    ...['', '-versioning', '-public-access-block', '-encryption', '-lifecycle', '-policy'].flatMap(
      (setting) => [`bucket${setting}-primary`, `bucket${setting}-secondary`],
    ),
  ];

  test.each([
    ['Retain', 'Orphan', false],
    ['Delete', 'Delete', true],
  ])(
    'is told %s: table, buckets and their settings are given the policy %s',
    async (dataRetention, deletionPolicy, forceDestroy) => {
      const resources = await compose({ spec: { dataRetention } });
      const withPolicy = [...resources].filter(
        ([, resource]) => at(resource, 'spec.deletionPolicy') !== undefined,
      );
      expect(withPolicy.map(([name]) => name).sort()).toEqual([...held].sort());
      for (const [, resource] of withPolicy)
        expect(at(resource, 'spec.deletionPolicy')).toBe(deletionPolicy);
      expect(at(resources.get('bucket-primary'), 'spec.forProvider.forceDestroy')).toBe(
        forceDestroy,
      );
    },
  );

  test('is kept in the namespaced form by the right to delete that the provider is not given', async () => {
    const resources = await compose({ form: 'namespaced' });
    expect(at(resources.get('table'), 'spec.managementPolicies')).toEqual([
      'Observe',
      'Create',
      'Update',
      'LateInitialize',
    ]);
    expect(at(resources.get('topic-primary'), 'spec.managementPolicies')).toBeUndefined();
    const deleting = await compose({ form: 'namespaced', spec: { dataRetention: 'Delete' } });
    expect(at(deleting.get('table'), 'spec.managementPolicies')).toEqual(['*']);
  });
});

describe('a bucket', () => {
  test('lets nobody in who does not use TLS', async () => {
    const policy = JSON.parse(
      at((await compose()).get('bucket-policy-primary'), 'spec.forProvider.policy') as string,
    ) as unknown;
    expect(policy).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [
            'arn:aws:s3:::payment-audit-primary-dev',
            'arn:aws:s3:::payment-audit-primary-dev/*',
          ],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });

  test('is encrypted with keys of S3 by default', async () => {
    expect(at((await compose()).get('bucket-encryption-primary'), 'spec.forProvider.rule')).toEqual(
      [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' }, bucketKeyEnabled: false }],
    );
  });

  test('is encrypted with the key of its own region where the claim names keys, and replication may use them', async () => {
    const resources = await compose({ spec: { encryption: WITH_KEYS.encryption } });
    expect(at(resources.get('bucket-encryption-secondary'), 'spec.forProvider.rule')).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: secondary },
        bucketKeyEnabled: true,
      },
    ]);
    expect(
      at(resources.get('bucket-replication-primary'), 'spec.forProvider.rule[0]'),
    ).toMatchObject({
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
      destination: { encryptionConfiguration: { replicaKmsKeyId: secondary } },
    });
  });

  test('keeps what is not current as long as the claim says, in days', async () => {
    const auditRetention = { noncurrentVersionDays: 30, incompleteUploadDays: 2 };
    const resources = await compose({ spec: { auditRetention } });
    for (const site of ['primary', 'secondary']) {
      expect(at(resources.get(`bucket-lifecycle-${site}`), 'spec.forProvider')).toMatchObject({
        bucketSelector: { matchLabels: { 'payments.example.org/site': site } },
        rule: [
          {
            status: 'Enabled',
            filter: [{ prefix: '' }],
            noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
            abortIncompleteMultipartUpload: [{ daysAfterInitiation: 2 }],
          },
        ],
      });
    }
  });

  test('named otherwise by the claim is named so everywhere', async () => {
    const resources = await compose({ spec: { bucketPrefix: 'acme-audit' } });
    expect(JSON.stringify([...resources.values()])).not.toContain('payment-audit');
    expect(
      at(resources.get('function-secondary'), 'spec.forProvider.environment.variables.S3_BUCKET'),
    ).toBe('acme-audit-secondary-dev');
  });
});

describe('an asynchronous payment that is given up', () => {
  test.each([
    ['primary', 'us-east-1'],
    ['secondary', 'us-west-2'],
  ])(
    'is told to the topic of its own region, as patiently as the claim says: %s',
    async (site, region) => {
      const asynchronous = { retryAttempts: 1, maximumEventAgeSeconds: 600 };
      const { handler } = aClaim().spec;
      const resources = await compose({
        spec: { handler: { ...(handler as object), asynchronous } },
      });
      expect(at(resources.get(`function-event-invoke-${site}`), 'spec.forProvider')).toEqual({
        region,
        functionName: `payment-processor-${site}-dev`,
        maximumRetryAttempts: 1,
        maximumEventAgeInSeconds: 600,
        destinationConfig: {
          onFailure: {
            destination: `arn:aws:sns:${region}:000000000042:payment-notifications-${site}-dev`,
          },
        },
      });
    },
  );
});

describe('the status of a claim', () => {
  const arn = (service: string, region: string, rest: string) =>
    `arn:aws:${service}:${region}:000000000042:${rest}`;
  const seen = (atProvider: Readonly<Record<string, unknown>>) => ({ status: { atProvider } });
  const table = { arn: arn('dynamodb', 'us-east-1', 'table/t'), streamArn: 'stream-1' };
  const replica = { arn: arn('dynamodb', 'us-west-2', 'table/t'), streamArn: 'stream-2' };

  test('says what AWS has, and the account that the first ARN names', async () => {
    const { status } = await run({
      observed: {
        'function-role': seen({ arn: 'arn:aws:iam::000000000042:role/payment-lambda-role-dev' }),
        table: seen({
          id: 'payments-table-dev',
          ...table,
          deletionProtectionEnabled: true,
          replica: [{ ...replica, deletionProtectionEnabled: false }],
        }),
        'bucket-secondary': seen({ id: 'payment-audit-secondary-dev', arn: 'arn:aws:s3:::b' }),
        'bucket-versioning-secondary': seen({ versioningConfiguration: { status: 'Enabled' } }),
        'function-primary': seen({
          id: 'payment-processor-primary-dev',
          arn: 'f',
          region: 'us-east-1',
        }),
        'topic-primary': seen({ arn: 't' }),
        'alarm-lambda-errors-primary': seen({ arn: 'a1' }),
        'alarm-table-throttles-primary': seen({ arn: 'a2' }),
      },
    });
    expect(status).toEqual({
      accountId: '000000000042',
      waitsFor: { account: 'nothing', primaryTopic: 'nothing', secondaryVersioning: 'nothing' },
      table: {
        name: 'payments-table-dev',
        primary: { ...table, deletionProtected: true },
        secondary: { ...replica, deletionProtected: false },
      },
      primary: {
        region: 'us-east-1',
        function: { name: 'payment-processor-primary-dev', arn: 'f' },
        topic: { arn: 't' },
        alarms: { lambdaErrorsArn: 'a1', tableThrottlesArn: 'a2' },
      },
      secondary: {
        bucket: {
          name: 'payment-audit-secondary-dev',
          arn: 'arn:aws:s3:::b',
          versioning: 'Enabled',
        },
      },
    });
  });

  test('says of each value that is not there what is made after it', () => {
    const { waitsFor } = withDefaults({}, STATUS) as { waitsFor: Record<string, string> };
    expect(Object.keys(waitsFor).sort()).toEqual(
      Object.keys(STATUS.properties.waitsFor.properties).sort(),
    );
    for (const said of Object.values(waitsFor))
      expect(said).toMatch(/^(the|versioning).* (is|are) made once/);
  });

  test('is all that a template waits for', async () => {
    const { resources } = await run({ status: KNOWN_STATUS });
    expect(resources.size).toBe(templatesOf('cluster').length);
  });
});
