/**
 * What a claim asks for: `spec`, with the words, defaults and bounds that `kubectl explain` and the API server know.
 *
 * Every input is bounded so tightly that no patch of the Composition can fail on it, for a failing patch stops the whole
 * composite while the claim still looks healthy. Every string, list and map has a limit, so that the cost of the rules does too.
 */
import { LIMITS } from '../limits.js';
import { BUCKET_PREFIX, fixedLength, NAMES } from '../names.js';
import { AWS_REGIONS } from '../regions.js';
import { integer, map, object, text, type CelRule, type ValueOf } from '../schema.js';

const immutable = (field: string, remedy: string): readonly CelRule[] => [
  { rule: 'self == oldSelf', message: `${field} cannot be changed: ${remedy}` },
];

const NEW_CLAIM = 'make a new claim with another environmentSuffix and move to it';

/** The form of a text, as a rule and not as `pattern`: a rule's message says what to write, a pattern's shows the expression. */
const shaped = (pattern: string, message: string): CelRule => ({
  rule: `self.matches(${JSON.stringify(pattern)})`,
  message,
});

/** Lower-case words joined by single hyphens: what bucket names, the narrowest of all names here, can be made of. */
const WORDS = '^[a-z0-9]+(-[a-z0-9]+)*$';

const suffixLength = Math.min(
  LIMITS.functionNameLength - fixedLength(NAMES.function.secondary),
  LIMITS.roleNameLength - fixedLength(NAMES.functionRole),
);

const bucketNameFixed = fixedLength(NAMES.bucket.secondary);
const bucketPrefixLength = LIMITS.bucketNameLength.max - bucketNameFixed - 1;

const environmentSuffix = text(
  'The environment, such as dev or prod. Every name in AWS ends in it, so no two claims of an account can have the same. ' +
    'Lower-case letters and digits, words joined by single hyphens. Cannot be changed.',
  {
    minLength: 1,
    maxLength: suffixLength,
    'x-kubernetes-validations': [
      shaped(
        WORDS,
        'environmentSuffix takes lower-case letters and digits, in words joined by single hyphens, such as dev or prod-eu',
      ),
      ...immutable(
        'environmentSuffix',
        'every AWS name ends in it; make a new claim and move to it',
      ),
      {
        rule: "self != 's3alias' && !self.endsWith('-s3alias')",
        message:
          'environmentSuffix must not end in s3alias: S3 keeps bucket names that do to itself; choose another',
      },
    ],
  },
);

const region = (purpose: string, name: string) =>
  text(`${purpose} Cannot be changed.`, {
    enum: AWS_REGIONS,
    'x-kubernetes-validations': immutable(`regions.${name}`, NEW_CLAIM),
  });

const REGIONS_DEFAULT = { primary: 'us-east-1', secondary: 'us-west-2' } as const;

const regions = object(
  'The AWS regions of the service.',
  {
    primary: {
      ...region('Where the table is made and payments usually go.', 'primary'),
      default: REGIONS_DEFAULT.primary,
    },
    secondary: {
      ...region('Where a copy of everything waits to take over.', 'secondary'),
      default: REGIONS_DEFAULT.secondary,
    },
    witness: region(
      'The third region that strong consistency needs; it holds no readable data. Only with consistency strong.',
      'witness',
    ),
  },
  {
    default: REGIONS_DEFAULT,
    'x-kubernetes-validations': [
      {
        rule: 'self.primary != self.secondary',
        message: 'primary and secondary must be two different regions',
      },
      {
        rule: '!has(self.witness) || (self.witness != self.primary && self.witness != self.secondary)',
        message: 'witness must be a third region, neither primary nor secondary',
      },
      {
        rule: 'has(self.witness) == has(oldSelf.witness)',
        message: `witness cannot be added or taken away: ${NEW_CLAIM}`,
      },
    ],
  },
);

const providerConfigName = (site: string) =>
  text(`The ProviderConfig with the credentials for the ${site} region.`, {
    default: site,
    minLength: 1,
    maxLength: 253,
    'x-kubernetes-validations': [
      shaped(
        '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
        'name a ProviderConfig: lower-case letters, digits, hyphens and dots',
      ),
    ],
  });

const providerConfigs = object(
  'Which Crossplane ProviderConfig each region uses (a ClusterProviderConfig in the namespaced form). Both must reach the same AWS account.',
  { primary: providerConfigName('primary'), secondary: providerConfigName('secondary') },
  { default: { primary: 'primary', secondary: 'secondary' } },
);

const image = object(
  'The container image in ECR. Lambda takes it from the ECR of its own region, so it must be in both regions, under the same name.',
  {
    registryId: text('The AWS account of the registry: twelve digits.', {
      maxLength: 12,
      'x-kubernetes-validations': [
        shaped('^[0-9]{12}$', 'registryId is an AWS account: write its twelve digits in quotes'),
      ],
    }),
    repository: text('The repository, such as payment-processor.', {
      minLength: LIMITS.repositoryNameLength.min,
      maxLength: LIMITS.repositoryNameLength.max,
      'x-kubernetes-validations': [
        shaped(
          '^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$',
          'repository is a name in ECR without registry and tag, such as payment-processor or team/payment-processor',
        ),
      ],
    }),
    tag: text(
      'The tag, such as 1.4.2. Lambda looks it up when it deploys: pushing the tag again changes nothing.',
      {
        maxLength: LIMITS.imageTagLength,
        'x-kubernetes-validations': [
          shaped(
            '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
            'tag takes letters, digits and _ . -, and does not begin with . or -',
          ),
        ],
      },
    ),
    digest: text(
      'The digest, sha256: and 64 hexadecimal digits. Better than a tag: it can never mean another image.',
      {
        maxLength: 71,
        'x-kubernetes-validations': [
          shaped(
            '^sha256:[0-9a-f]{64}$',
            'digest is sha256: and 64 hexadecimal digits in lower case',
          ),
        ],
      },
    ),
  },
  {
    required: ['registryId', 'repository'],
    'x-kubernetes-validations': [
      {
        rule: 'has(self.tag) != has(self.digest)',
        message: 'give either tag or digest, and not both',
      },
    ],
  },
);

const handler = object(
  'The Lambda function that takes payments; the same in both regions.',
  {
    image,
    architecture: text(
      'The processor that the image was built for. Lambda takes images of one architecture only.',
      {
        enum: ['x86_64', 'arm64'],
        default: 'x86_64',
      },
    ),
    memorySizeMiB: integer('Memory of the function in MiB; the share of a processor follows it.', {
      minimum: LIMITS.memorySizeMiB.min,
      maximum: LIMITS.memorySizeMiB.max,
      default: 512,
    }),
    timeoutSeconds: integer('How long one payment may take, in seconds, before Lambda ends it.', {
      minimum: LIMITS.timeoutSeconds.min,
      maximum: LIMITS.timeoutSeconds.max,
      default: 30,
    }),
  },
  { required: ['image'] },
);

interface AlarmDefaults {
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
}

const { alarmWindowSeconds } = LIMITS;

const alarm = (description: string, counted: string, defaults: AlarmDefaults) =>
  object(
    description,
    {
      threshold: integer(`The alarm goes off above this many ${counted} in one period.`, {
        minimum: 0,
        maximum: 1_000_000_000,
        default: defaults.threshold,
      }),
      periodSeconds: integer(
        'How long CloudWatch counts before it compares, in seconds: 10, 30 or a multiple of 60.',
        {
          minimum: 10,
          maximum: alarmWindowSeconds.from1h,
          default: defaults.periodSeconds,
          'x-kubernetes-validations': [
            {
              rule: 'self == 10 || self == 30 || self % 60 == 0',
              message: 'periodSeconds must be 10, 30 or a multiple of 60',
            },
          ],
        },
      ),
      evaluationPeriods: integer('In how many periods in a row the threshold must be crossed.', {
        minimum: 1,
        maximum: alarmWindowSeconds.below1h / 10,
        default: defaults.evaluationPeriods,
      }),
    },
    {
      default: { ...defaults },
      'x-kubernetes-validations': [
        {
          rule:
            'self.periodSeconds * self.evaluationPeriods <= ' +
            `(self.periodSeconds < 3600 ? ${alarmWindowSeconds.below1h} : ${alarmWindowSeconds.from1h})`,
          message:
            'periodSeconds × evaluationPeriods must not exceed one day (seven days for periods of an hour or more); lower either',
          fieldPath: '.evaluationPeriods',
        },
      ],
    },
  );

const LAMBDA_ERRORS_DEFAULT = { threshold: 5, periodSeconds: 60, evaluationPeriods: 2 } as const;
const TABLE_THROTTLES_DEFAULT = {
  threshold: 10,
  periodSeconds: 300,
  evaluationPeriods: 2,
} as const;

const alarms = object(
  'When people are told. Each region has its own alarms, on its own metrics.',
  {
    lambdaErrors: alarm(
      'Payments that the function failed at.',
      'errors of the function',
      LAMBDA_ERRORS_DEFAULT,
    ),
    tableThrottles: alarm(
      'Reads and writes that the table refused as too many.',
      'throttled reads and writes',
      TABLE_THROTTLES_DEFAULT,
    ),
  },
  { default: { lambdaErrors: LAMBDA_ERRORS_DEFAULT, tableThrottles: TABLE_THROTTLES_DEFAULT } },
);

const notifications = object(
  'Who is told.',
  {
    email: text(
      'The address that hears the alarms of both regions. It gets one mail from each region with a link to confirm.',
      {
        minLength: 3,
        maxLength: 254,
        'x-kubernetes-validations': [
          shaped(
            "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$",
            'write one e-mail address, such as payments-oncall@example.org',
          ),
        ],
      },
    ),
  },
  { required: ['email'] },
);

const keyArn = (site: string) =>
  text(`The ARN of the KMS key in the ${site} region.`, {
    maxLength: 120,
    'x-kubernetes-validations': [
      shaped(
        '^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$',
        'write the ARN of a key, such as arn:aws:kms:us-east-1:123456789012:key/…, not of an alias',
      ),
    ],
  });

const encryption = object(
  'How the audit buckets are encrypted. The table is always encrypted, by a key of DynamoDB.',
  {
    mode: text(
      'SSE-S3: with keys that S3 keeps. SSE-KMS: with your KMS keys, one in each region.',
      {
        enum: ['SSE-S3', 'SSE-KMS'],
        default: 'SSE-S3',
      },
    ),
    kmsKeyArns: object(
      'The KMS keys, for SSE-KMS.',
      { primary: keyArn('primary'), secondary: keyArn('secondary') },
      { required: ['primary', 'secondary'] },
    ),
  },
  {
    default: { mode: 'SSE-S3' },
    'x-kubernetes-validations': [
      {
        rule: "(self.mode == 'SSE-KMS') == has(self.kmsKeyArns)",
        message: 'mode SSE-KMS needs kmsKeyArns with a key in each region; mode SSE-S3 takes none',
        fieldPath: '.mode',
      },
    ],
  },
);

const consistency = text(
  'eventual: a write is in the other region within about a second. strong: a write is in both before it is acknowledged; ' +
    'needs regions.witness. Cannot be changed.',
  {
    enum: ['eventual', 'strong'],
    default: 'eventual',
    'x-kubernetes-validations': immutable(
      'consistency',
      `DynamoDB fixes it when the table is made; ${NEW_CLAIM}`,
    ),
  },
);

const dataRetention = text(
  'What happens to the table and the buckets when the claim is deleted. Retain: they stay in AWS, and a new claim with the same ' +
    'environmentSuffix takes them over. Delete: they are deleted with all payments and audit objects in them.',
  { enum: ['Retain', 'Delete'], default: 'Retain' },
);

const { tags: tagLimits } = LIMITS;

const tags = map(
  'Tags on everything in AWS that takes tags. Keys must not begin with aws: or crossplane-.',
  text('The value of the tag.', {
    maxLength: tagLimits.valueLength,
    'x-kubernetes-validations': [
      shaped('^[A-Za-z0-9 _.:/=+@-]*$', 'a tag takes letters, digits, spaces and _ . : / = + @ -'),
    ],
  }),
  {
    maxProperties: tagLimits.count - tagLimits.ofProvider,
    'x-kubernetes-validations': [
      {
        rule: `self.all(key, key.matches('^[A-Za-z0-9 _.:/=+@-]{1,${tagLimits.keyLength}}$'))`,
        message: `a tag's key has 1 to ${tagLimits.keyLength} letters, digits, spaces and _ . : / = + @ -`,
      },
      {
        rule: "!self.exists(key, key.matches('^([aA][wW][sS]:|crossplane-)'))",
        message: 'a key that begins with aws: or crossplane- is reserved; choose another',
      },
    ],
  },
);

const bucketPrefix = text(
  'The beginning of the names of the audit buckets, which must be unique in all of AWS. Lower-case letters and digits, ' +
    'words joined by single hyphens. Cannot be changed.',
  {
    minLength: 1,
    maxLength: bucketPrefixLength,
    default: BUCKET_PREFIX,
    'x-kubernetes-validations': [
      shaped(
        WORDS,
        'bucketPrefix takes lower-case letters and digits, in words joined by single hyphens, such as acme-audit',
      ),
      ...immutable('bucketPrefix', NEW_CLAIM),
      {
        rule: "!self.startsWith('sthree-') && !self.startsWith('amzn-s3-demo-')",
        message:
          'bucketPrefix must not begin with sthree- or amzn-s3-demo-: S3 keeps those to itself',
      },
    ],
  },
);

const keyInRegion = (site: string): CelRule => ({
  rule:
    '!has(self.encryption.kmsKeyArns) || ' +
    `self.encryption.kmsKeyArns.${site}.startsWith('arn:aws:kms:' + self.regions.${site} + ':')`,
  message: `encryption.kmsKeyArns.${site} must be a key in regions.${site}: S3 encrypts with keys of the bucket's own region`,
  fieldPath: `.encryption.kmsKeyArns.${site}`,
});

export const SPEC = object(
  'A payments service in two AWS regions that survives the loss of either.',
  {
    environmentSuffix,
    regions,
    providerConfigs,
    handler,
    alarms,
    notifications,
    encryption,
    consistency,
    dataRetention,
    tags,
    bucketPrefix,
  },
  {
    required: ['environmentSuffix', 'handler', 'notifications'],
    'x-kubernetes-validations': [
      {
        rule: "(self.consistency == 'strong') == has(self.regions.witness)",
        message:
          'consistency strong needs regions.witness, a third region; consistency eventual takes none',
        fieldPath: '.consistency',
      },
      keyInRegion('primary'),
      keyInRegion('secondary'),
      {
        rule: `size(self.bucketPrefix) + size(self.environmentSuffix) <= ${LIMITS.bucketNameLength.max - bucketNameFixed}`,
        message: `bucketPrefix and environmentSuffix must together have at most ${LIMITS.bucketNameLength.max - bucketNameFixed} characters, or the bucket names become too long; shorten either`,
        fieldPath: '.environmentSuffix',
      },
    ],
  },
);

export type ClaimSpec = ValueOf<typeof SPEC>;
