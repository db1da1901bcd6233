/** What a claim may not say. The same cases are put to the schema itself and to a real API server. */
interface Refusal {
  readonly sentence: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** The field that the refusal names. */
  readonly field: string;
  /** What it says to do, where the rule is ours. */
  readonly says?: string;
}

const image = (more: Readonly<Record<string, unknown>>) => ({
  handler: { image: { registryId: '123456789012', repository: 'payment-processor', ...more } },
});
const handler = (more: Readonly<Record<string, unknown>>) => ({
  handler: { ...image({ tag: '1' }).handler, ...more },
});
const lambdaErrors = (more: Readonly<Record<string, unknown>>) => ({
  alarms: { lambdaErrors: more },
});
const KEY = '11111111-2222-3333-4444-555555555555';
const keyIn = (region: string) => `arn:aws:kms:${region}:123456789012:key/${KEY}`;

export const REFUSED: readonly Refusal[] = [
  {
    sentence: 'without a suffix',
    spec: { environmentSuffix: undefined },
    field: 'spec.environmentSuffix',
  },
  {
    sentence: 'with an empty suffix',
    spec: { environmentSuffix: '' },
    field: 'spec.environmentSuffix',
  },
  {
    sentence: 'with capitals in the suffix',
    spec: { environmentSuffix: 'Dev' },
    field: 'spec.environmentSuffix',
  },
  {
    sentence: 'with a dot in the suffix',
    spec: { environmentSuffix: 'a.b' },
    field: 'spec.environmentSuffix',
  },
  {
    sentence: 'with a double hyphen in the suffix',
    spec: { environmentSuffix: 'a--x-s3' },
    field: 'spec.environmentSuffix',
  },
  {
    sentence: 'with a suffix too long for the functions',
    spec: { environmentSuffix: 'x'.repeat(37) },
    field: 'spec.environmentSuffix',
  },
  {
    sentence: "with S3's own suffix",
    spec: { environmentSuffix: 'a-s3alias' },
    field: 'spec.environmentSuffix',
    says: 'choose another',
  },
  {
    sentence: 'with bucket names too long as a whole',
    spec: { environmentSuffix: 'x'.repeat(36), bucketPrefix: 'y'.repeat(20) },
    field: 'spec.environmentSuffix',
    says: 'shorten either',
  },
  {
    sentence: 'with one region twice',
    spec: { regions: { primary: 'us-east-1', secondary: 'us-east-1' } },
    field: 'spec.regions',
    says: 'two different regions',
  },
  {
    sentence: 'with one region twice by default',
    spec: { regions: { primary: 'us-west-2' } },
    field: 'spec.regions',
    says: 'two different regions',
  },
  {
    sentence: 'with a region that does not exist',
    spec: { regions: { primary: 'us-east-9' } },
    field: 'spec.regions.primary',
  },
  {
    sentence: 'with a region of another partition',
    spec: { regions: { primary: 'cn-north-1' } },
    field: 'spec.regions.primary',
  },
  { sentence: 'without an image', spec: { handler: {} }, field: 'spec.handler.image' },
  {
    sentence: 'with neither tag nor digest',
    spec: image({}),
    field: 'spec.handler.image',
    says: 'either tag or digest',
  },
  {
    sentence: 'with both tag and digest',
    spec: image({ tag: '1', digest: `sha256:${'0'.repeat(64)}` }),
    field: 'spec.handler.image',
    says: 'either tag or digest',
  },
  {
    sentence: 'with a digest cut short',
    spec: image({ digest: 'sha256:00' }),
    field: 'spec.handler.image.digest',
  },
  {
    sentence: 'with a registry that is no account',
    spec: image({ tag: '1', registryId: '12345' }),
    field: 'spec.handler.image.registryId',
  },
  {
    sentence: 'with capitals in the repository',
    spec: image({ tag: '1', repository: 'Payments' }),
    field: 'spec.handler.image.repository',
  },
  {
    sentence: 'with too little memory',
    spec: handler({ memorySizeMiB: 127 }),
    field: 'spec.handler.memorySizeMiB',
  },
  {
    sentence: 'with too much memory',
    spec: handler({ memorySizeMiB: 10_241 }),
    field: 'spec.handler.memorySizeMiB',
  },
  {
    sentence: 'with no time at all',
    spec: handler({ timeoutSeconds: 0 }),
    field: 'spec.handler.timeoutSeconds',
  },
  {
    sentence: 'with more time than Lambda gives',
    spec: handler({ timeoutSeconds: 901 }),
    field: 'spec.handler.timeoutSeconds',
  },
  {
    sentence: 'with a period of 45 seconds',
    spec: lambdaErrors({ periodSeconds: 45 }),
    field: 'spec.alarms.lambdaErrors.periodSeconds',
    says: '10, 30 or a multiple of 60',
  },
  {
    sentence: 'with alarms that look back more than a day',
    spec: lambdaErrors({ periodSeconds: 3540, evaluationPeriods: 25 }),
    field: 'spec.alarms.lambdaErrors.evaluationPeriods',
    says: 'lower either',
  },
  {
    sentence: 'with a negative threshold',
    spec: lambdaErrors({ threshold: -1 }),
    field: 'spec.alarms.lambdaErrors.threshold',
  },
  {
    sentence: 'without anybody to tell',
    spec: { notifications: undefined },
    field: 'spec.notifications',
  },
  {
    sentence: 'with an address that is none',
    spec: { notifications: { email: 'oncall' } },
    field: 'spec.notifications.email',
  },
  {
    sentence: 'with a line feed in the address',
    spec: { notifications: { email: 'a@b.c\nd@e.f' } },
    field: 'spec.notifications.email',
  },
  {
    sentence: 'with SSE-KMS and no keys',
    spec: { encryption: { mode: 'SSE-KMS' } },
    field: 'spec.encryption.mode',
    says: 'a key in each region',
  },
  {
    sentence: 'with keys and SSE-S3',
    spec: {
      encryption: {
        mode: 'SSE-S3',
        kmsKeyArns: { primary: keyIn('us-east-1'), secondary: keyIn('us-west-2') },
      },
    },
    field: 'spec.encryption.mode',
    says: 'SSE-S3 takes none',
  },
  {
    sentence: 'with a key of another region',
    spec: {
      encryption: {
        mode: 'SSE-KMS',
        kmsKeyArns: { primary: keyIn('us-east-1'), secondary: keyIn('us-east-1') },
      },
    },
    field: 'spec.encryption.kmsKeyArns.secondary',
    says: 'must be a key in regions.secondary',
  },
  {
    sentence: 'with a key alias, which S3 would resolve in the account of the caller',
    spec: {
      encryption: {
        mode: 'SSE-KMS',
        kmsKeyArns: {
          primary: 'arn:aws:kms:us-east-1:123456789012:alias/x',
          secondary: keyIn('us-west-2'),
        },
      },
    },
    field: 'spec.encryption.kmsKeyArns.primary',
  },
  {
    sentence: 'with strong consistency and no witness',
    spec: { consistency: 'strong' },
    field: 'spec.consistency',
    says: 'a third region',
  },
  {
    sentence: 'with a witness and eventual consistency',
    spec: { regions: { primary: 'us-east-1', secondary: 'us-west-2', witness: 'us-east-2' } },
    field: 'spec.consistency',
    says: 'takes none',
  },
  {
    sentence: 'with a witness that is the secondary region',
    spec: {
      consistency: 'strong',
      regions: { primary: 'us-east-1', secondary: 'us-west-2', witness: 'us-west-2' },
    },
    field: 'spec.regions',
    says: 'neither primary nor secondary',
  },
  {
    sentence: 'with a word for retention that nobody knows',
    spec: { dataRetention: 'Keep' },
    field: 'spec.dataRetention',
  },
  {
    sentence: 'with a tag of AWS',
    spec: { tags: { 'AWS:x': 'y' } },
    field: 'spec.tags',
    says: 'reserved',
  },
  {
    sentence: 'with a tag that is ours',
    spec: { tags: { 'payments-dr-claim': 'other' } },
    field: 'spec.tags',
    says: 'reserved',
  },
  {
    sentence: 'that keeps versions for no time at all',
    spec: { auditRetention: { noncurrentVersionDays: 0 } },
    field: 'spec.auditRetention.noncurrentVersionDays',
  },
  {
    sentence: 'with more retries than Lambda makes',
    spec: handler({ asynchronous: { retryAttempts: 3 } }),
    field: 'spec.handler.asynchronous.retryAttempts',
  },
  {
    sentence: 'that gives events up sooner than Lambda can',
    spec: handler({ asynchronous: { maximumEventAgeSeconds: 59 } }),
    field: 'spec.handler.asynchronous.maximumEventAgeSeconds',
  },
  {
    sentence: 'that calls every replication late',
    spec: { alarms: { tableReplicationLatency: { thresholdSeconds: 0 } } },
    field: 'spec.alarms.tableReplicationLatency.thresholdSeconds',
  },
  {
    sentence: 'with an empty key of a tag',
    spec: { tags: { '': 'y' } },
    field: 'spec.tags',
    says: '1 to 128',
  },
  {
    sentence: 'with a value of a tag too long',
    spec: { tags: { x: 'y'.repeat(257) } },
    field: 'spec.tags.x',
  },
  {
    sentence: 'with more tags than S3 takes beside those of the provider',
    spec: {
      tags: Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`k${index}`, 'v'])),
    },
    field: 'spec.tags',
  },
  {
    sentence: 'with a bucket prefix that S3 keeps',
    spec: { bucketPrefix: 'sthree-x' },
    field: 'spec.bucketPrefix',
    says: 'keeps those',
  },
];

export const ACCEPTED = [
  { sentence: 'with nothing but what is required', spec: {} },
  { sentence: 'with the longest suffix', spec: { environmentSuffix: 'x'.repeat(36) } },
  { sentence: 'with an image by digest', spec: image({ digest: `sha256:${'a'.repeat(64)}` }) },
  {
    sentence: 'with a repository in a folder',
    spec: image({ tag: 'v1', repository: 'team/payment_processor' }),
  },
  { sentence: 'with only the primary region said', spec: { regions: { primary: 'eu-west-1' } } },
  {
    sentence: 'with strong consistency and a witness',
    spec: {
      consistency: 'strong',
      regions: { primary: 'us-east-1', secondary: 'us-west-2', witness: 'us-east-2' },
    },
  },
  {
    sentence: 'with keys in their regions',
    spec: {
      encryption: {
        mode: 'SSE-KMS',
        kmsKeyArns: { primary: keyIn('us-east-1'), secondary: keyIn('us-west-2') },
      },
    },
  },
  {
    sentence: 'with alarms over seven days in periods of an hour',
    spec: lambdaErrors({ periodSeconds: 3600, evaluationPeriods: 168 }),
  },
  {
    sentence: 'that keeps versions for a hundred years and never tries again',
    spec: {
      auditRetention: { noncurrentVersionDays: 36_500 },
      ...handler({ asynchronous: { retryAttempts: 0 } }),
    },
  },
  { sentence: 'with tags', spec: { tags: { team: 'payments', 'cost-center': 'a/b: 1' } } },
] as const;

/** Changes of a claim that was made with `from`, or with nothing but what is required. */
export const CHANGES_REFUSED: readonly (Refusal & {
  readonly from?: Readonly<Record<string, unknown>>;
})[] = [
  {
    sentence: 'its suffix',
    spec: { environmentSuffix: 'prod' },
    field: 'spec.environmentSuffix',
    says: 'make a new claim',
  },
  {
    sentence: 'its primary region',
    spec: { regions: { primary: 'eu-west-1' } },
    field: 'spec.regions.primary',
    says: 'make a new claim',
  },
  {
    sentence: 'its secondary region',
    spec: { regions: { secondary: 'eu-west-1' } },
    field: 'spec.regions.secondary',
    says: 'make a new claim',
  },
  {
    sentence: 'its consistency',
    spec: { consistency: 'strong', regions: { witness: 'us-east-2' } },
    field: 'spec.consistency',
    says: 'make a new claim',
  },
  {
    sentence: 'its witness',
    from: { consistency: 'strong', regions: { witness: 'us-east-2' } },
    spec: { consistency: 'strong', regions: { witness: 'eu-west-1' } },
    field: 'spec.regions.witness',
    says: 'make a new claim',
  },
  {
    sentence: 'its encryption',
    spec: {
      encryption: {
        mode: 'SSE-KMS',
        kmsKeyArns: { primary: keyIn('us-east-1'), secondary: keyIn('us-west-2') },
      },
    },
    field: 'spec.encryption',
    says: 'make a new claim',
  },
  {
    sentence: 'its bucket prefix',
    spec: { bucketPrefix: 'other' },
    field: 'spec.bucketPrefix',
    says: 'make a new claim',
  },
];
