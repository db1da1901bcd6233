/** `spec.encryption`: with whose keys payments and audit objects are encrypted. */
import { object, text, type CelRule } from '../schema.js';
import { immutable, NEW_CLAIM, shaped } from './rules.js';

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

export const encryption = object(
  'With whose keys the table, its copy and the audit buckets are encrypted. What the topics tell, and the names in the environment of the functions, AWS encrypts with keys of its own. Cannot be changed.',
  {
    mode: text(
      'SSE-S3: with keys that S3 and DynamoDB keep. SSE-KMS: with your KMS keys, one in each region. ' +
        'Their key policies must let IAM policies of the account decide: the roles are given what they need.',
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
      ...immutable(
        'encryption',
        `with another key the copy of the table would have to be deleted and made again; ${NEW_CLAIM}`,
      ),
    ],
  },
);

/** A rule of `spec`: it looks at the regions too. */
export const keyInRegion = (site: string): CelRule => ({
  rule:
    '!has(self.encryption.kmsKeyArns) || ' +
    `self.encryption.kmsKeyArns.${site}.startsWith('arn:aws:kms:' + self.regions.${site} + ':')`,
  message: `encryption.kmsKeyArns.${site} must be a key in regions.${site}: S3 and DynamoDB encrypt with keys of their own region`,
  fieldPath: `.encryption.kmsKeyArns.${site}`,
});
