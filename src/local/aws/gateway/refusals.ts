/**
 * How each service words what the gateway refuses before the service is asked: one table, the code and status of each.
 *
 * The protocols disagree: S3 has codes of its own, the JSON services answer 400, Lambda 403, the query services 403.
 */
import { AwsError } from '../service.js';
import type { SignatureFault } from './signature.js';

type Cause =
  SignatureFault['kind'] | 'unsigned' | 'unknown-key' | 'bad-token' | 'expired-token' | 'internal';
type Wording = readonly [code: string, status: number];
type Wordings = Readonly<Record<Cause, Wording>>;

const QUERY: Wordings = {
  incomplete: ['IncompleteSignature', 400],
  'presigned-incomplete': ['IncompleteSignature', 400],
  algorithm: ['IncompleteSignature', 400],
  scope: ['SignatureDoesNotMatch', 403],
  skewed: ['SignatureDoesNotMatch', 403],
  'presigned-expired': ['SignatureDoesNotMatch', 403],
  mismatch: ['SignatureDoesNotMatch', 403],
  payload: ['SignatureDoesNotMatch', 403],
  unsigned: ['MissingAuthenticationToken', 403],
  'unknown-key': ['InvalidClientTokenId', 403],
  'bad-token': ['InvalidClientTokenId', 403],
  'expired-token': ['ExpiredToken', 403],
  internal: ['InternalFailure', 500],
};

const JSON_PROTOCOL: Wordings = {
  incomplete: ['IncompleteSignatureException', 400],
  'presigned-incomplete': ['IncompleteSignatureException', 400],
  algorithm: ['IncompleteSignatureException', 400],
  scope: ['InvalidSignatureException', 400],
  skewed: ['InvalidSignatureException', 400],
  'presigned-expired': ['InvalidSignatureException', 400],
  mismatch: ['InvalidSignatureException', 400],
  payload: ['InvalidSignatureException', 400],
  unsigned: ['MissingAuthenticationTokenException', 400],
  'unknown-key': ['UnrecognizedClientException', 400],
  'bad-token': ['UnrecognizedClientException', 400],
  'expired-token': ['ExpiredTokenException', 400],
  internal: ['InternalServerError', 500],
};

const REST_JSON: Wordings = {
  ...JSON_PROTOCOL,
  incomplete: ['IncompleteSignatureException', 403],
  'presigned-incomplete': ['IncompleteSignatureException', 403],
  algorithm: ['IncompleteSignatureException', 403],
  scope: ['InvalidSignatureException', 403],
  skewed: ['InvalidSignatureException', 403],
  'presigned-expired': ['InvalidSignatureException', 403],
  mismatch: ['InvalidSignatureException', 403],
  payload: ['InvalidSignatureException', 403],
  unsigned: ['MissingAuthenticationTokenException', 403],
  'unknown-key': ['UnrecognizedClientException', 403],
  'bad-token': ['UnrecognizedClientException', 403],
  'expired-token': ['ExpiredTokenException', 403],
  internal: ['ServiceException', 500],
};

const S3: Wordings = {
  incomplete: ['AuthorizationHeaderMalformed', 400],
  'presigned-incomplete': ['AuthorizationQueryParametersError', 400],
  algorithm: ['InvalidRequest', 400],
  scope: ['AuthorizationHeaderMalformed', 400],
  skewed: ['RequestTimeTooSkewed', 403],
  'presigned-expired': ['AccessDenied', 403],
  mismatch: ['SignatureDoesNotMatch', 403],
  payload: ['XAmzContentSHA256Mismatch', 400],
  unsigned: ['AccessDenied', 403],
  'unknown-key': ['InvalidAccessKeyId', 403],
  'bad-token': ['InvalidToken', 400],
  'expired-token': ['ExpiredToken', 400],
  internal: ['InternalError', 500],
};

const WORDINGS: Readonly<Record<string, Wordings>> = {
  s3: S3,
  dynamodb: JSON_PROTOCOL,
  lambda: REST_JSON,
  sqs: { ...QUERY, internal: ['InternalError', 500] },
  logs: { ...JSON_PROTOCOL, internal: ['ServiceUnavailableException', 500] },
};

const MESSAGES: Partial<Record<Cause, string>> = {
  unsigned: 'Missing Authentication Token',
  'unknown-key': 'The security token included in the request is invalid.',
  'bad-token': 'The security token included in the request is invalid.',
  'expired-token': 'The security token included in the request is expired',
  internal: 'The local AWS failed; its log says why.',
};

/** What S3 says in its own words, whatever the others do. */
const S3_MESSAGES: Partial<Record<Cause, string>> = {
  mismatch:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  unsigned: 'Access Denied',
  skewed: 'The difference between the request time and the current time is too large.',
  'unknown-key': 'The AWS Access Key Id you provided does not exist in our records.',
  'bad-token': 'The provided token is malformed or otherwise invalid.',
  'expired-token': 'The provided token has expired.',
};

/** The refusal in the words of a service, `signingName`. */
export function refusal(signingName: string, cause: Cause, detail?: string): AwsError {
  const [code, status] = (WORDINGS[signingName] ?? QUERY)[cause];
  const inWordsOfS3 = signingName === 's3' ? S3_MESSAGES[cause] : undefined;
  const message = inWordsOfS3 ?? detail ?? MESSAGES[cause] ?? code;
  return new AwsError(code, message, status);
}
