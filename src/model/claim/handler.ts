/** `spec.handler`: the function that takes payments. */
import { LIMITS } from '../limits.js';
import { integer, object, text } from '../schema.js';
import { shaped } from './rules.js';

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

const { retryAttempts, eventAgeSeconds } = LIMITS;

const ASYNCHRONOUS_DEFAULT = {
  retryAttempts: retryAttempts.max,
  maximumEventAgeSeconds: eventAgeSeconds.max,
} as const;

const asynchronous = object(
  'Payments that are sent without waiting for the answer (invocation type Event). One that is given up is told to notifications.email, with the payment in it.',
  {
    retryAttempts: integer('How often Lambda tries again after the function failed at one.', {
      minimum: retryAttempts.min,
      maximum: retryAttempts.max,
      default: ASYNCHRONOUS_DEFAULT.retryAttempts,
    }),
    maximumEventAgeSeconds: integer(
      'How old one may become before Lambda gives it up, in seconds.',
      {
        minimum: eventAgeSeconds.min,
        maximum: eventAgeSeconds.max,
        default: ASYNCHRONOUS_DEFAULT.maximumEventAgeSeconds,
      },
    ),
  },
  { default: ASYNCHRONOUS_DEFAULT },
);

export const handler = object(
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
    asynchronous,
  },
  { required: ['image'] },
);
