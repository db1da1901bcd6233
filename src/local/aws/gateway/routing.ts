/**
 * Which service an unsigned request means. A signed one says so itself, in its credential scope.
 *
 * Unsigned calls exist: `AssumeRoleWithWebIdentity`, the links in SNS mail, anonymous reads of S3. S3 is what is left when
 * nothing else fits, as a bucket may have any path.
 */
import type { Envelope } from './envelope.js';

/** The API version that every query request carries, and whose it is. */
const QUERY_VERSIONS: Readonly<Record<string, string>> = {
  '2011-06-15': 'sts',
  '2010-05-08': 'iam',
  '2010-03-31': 'sns',
  '2010-08-01': 'monitoring',
};

const TARGET_PREFIXES: readonly (readonly [string, string])[] = [
  ['DynamoDB', 'dynamodb'],
  ['GraniteServiceVersion', 'monitoring'],
  ['Logs', 'logs'],
  ['AmazonSQS', 'sqs'],
];

const LAMBDA_PATH = /^\/\d{4}-\d\d-\d\d\/(?:functions|tags|account-settings)(?:\/|$)/;

/** Which service a request means whose signature cannot be read as a whole: so that it is refused in that service's form. */
export function likelyService(envelope: Envelope, body: Buffer): string {
  const credential =
    /Credential=([^,\s]+)/.exec(envelope.headers.authorization ?? '')?.[1] ??
    new Map(envelope.query).get('X-Amz-Credential');
  return credential?.split('/')[3] ?? serviceOfUnsigned(envelope, body);
}

export function serviceOfUnsigned(envelope: Envelope, body: Buffer): string {
  const target = envelope.headers['x-amz-target'] ?? '';
  const byTarget = TARGET_PREFIXES.find(([prefix]) => target.startsWith(prefix))?.[1];
  if (byTarget !== undefined) return byTarget;
  if (LAMBDA_PATH.test(envelope.path)) return 'lambda';
  if (envelope.path.startsWith('/service/GraniteServiceVersion')) return 'monitoring';
  if (envelope.path !== '/') return 's3';
  const isForm = envelope.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const parameters = new Map(
    isForm === true ? new URLSearchParams(body.toString('utf8')) : envelope.query,
  );
  const action = parameters.get('Action');
  // The links in SNS mail leave the version out.
  if (action === 'ConfirmSubscription' || action === 'Unsubscribe') return 'sns';
  return QUERY_VERSIONS[parameters.get('Version') ?? ''] ?? 's3';
}
