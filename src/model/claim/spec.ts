/**
 * What a claim asks for: `spec`, with the words, defaults and bounds that `kubectl explain` and the API server know.
 *
 * Every input is bounded so tightly that no patch of the Composition can fail on it, for a failing patch stops the whole
 * composite while the claim still looks healthy. Every string, list and map has a limit, so that the cost of the rules does too.
 */
import { LIMITS } from '../limits.js';
import { BUCKET_PREFIX, fixedLength, NAMES } from '../names.js';
import { AWS_REGIONS } from '../regions.js';
import { integer, map, object, text, type ValueOf } from '../schema.js';
import { alarms } from './alarms.js';
import { encryption, keyInRegion } from './encryption.js';
import { handler } from './handler.js';
import { immutable, NEW_CLAIM, shaped } from './rules.js';

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
  'What happens to the table and the buckets when the claim is deleted. Retain: they stay in AWS, the table protected against ' +
    'deletion, and a new claim with the same environmentSuffix takes them over. Delete: they are deleted with all payments and audit ' +
    'objects in them. To delete what was retained: set Delete, wait until status.table says that no region protects its table, then delete the claim.',
  { enum: ['Retain', 'Delete'], default: 'Retain' },
);

const AUDIT_RETENTION_DEFAULT = { noncurrentVersionDays: 365, incompleteUploadDays: 7 } as const;

const auditRetention = object(
  'How long the audit buckets keep what is no longer current. Current audit objects are kept for good.',
  {
    noncurrentVersionDays: integer(
      'How many days a version is kept after another one took its place. Where two regions took one payment with different amounts, such a version is the only trace of the other one.',
      {
        minimum: LIMITS.lifecycleDays.min,
        maximum: LIMITS.lifecycleDays.max,
        default: AUDIT_RETENTION_DEFAULT.noncurrentVersionDays,
      },
    ),
    incompleteUploadDays: integer(
      'How many days the parts of an upload that was never completed are kept.',
      {
        minimum: LIMITS.lifecycleDays.min,
        maximum: LIMITS.lifecycleDays.max,
        default: AUDIT_RETENTION_DEFAULT.incompleteUploadDays,
      },
    ),
  },
  { default: AUDIT_RETENTION_DEFAULT },
);

const { tags: tagLimits } = LIMITS;

const tags = map(
  'Tags on everything in AWS that takes tags, beside payments-dr-claim, which names this claim. Keys must not begin with aws:, crossplane- or payments-dr-.',
  text('The value of the tag.', {
    maxLength: tagLimits.valueLength,
    'x-kubernetes-validations': [
      shaped('^[A-Za-z0-9 _.:/=+@-]*$', 'a tag takes letters, digits, spaces and _ . : / = + @ -'),
    ],
  }),
  {
    maxProperties: tagLimits.count - tagLimits.ofProvider - tagLimits.ofClaim,
    'x-kubernetes-validations': [
      {
        rule: `self.all(key, key.matches('^[A-Za-z0-9 _.:/=+@-]{1,${tagLimits.keyLength}}$'))`,
        message: `a tag's key has 1 to ${tagLimits.keyLength} letters, digits, spaces and _ . : / = + @ -`,
      },
      {
        rule: "!self.exists(key, key.matches('^([aA][wW][sS]:|crossplane-|payments-dr-)'))",
        message:
          'a key that begins with aws:, crossplane- or payments-dr- is reserved; choose another',
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
    auditRetention,
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
