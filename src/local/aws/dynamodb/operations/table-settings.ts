/** Settings that CreateTable and UpdateTable take in the same words. */
import type { SSESpecification, StreamSpecification } from '@aws-sdk/client-dynamodb';
import { validationError } from '../tables.js';

const STREAM_VIEWS = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];
const TABLE_CLASSES = ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'];

export function streamViewOf(stream: StreamSpecification | undefined): string | undefined {
  if (stream?.StreamEnabled !== true) {
    if (stream?.StreamViewType === undefined) return undefined;
    throw validationError(
      'One or more parameter values were invalid: StreamViewType must not be specified when StreamEnabled is false',
    );
  }
  if (STREAM_VIEWS.includes(stream.StreamViewType ?? '')) return stream.StreamViewType;
  throw validationError(
    `One or more parameter values were invalid: StreamViewType must be one of [${STREAM_VIEWS.join(', ')}]`,
  );
}

export function checkClass(tableClass: string | undefined): void {
  if (tableClass === undefined || TABLE_CLASSES.includes(tableClass)) return;
  throw validationError(
    `1 validation error detected: Value '${tableClass}' at 'tableClass' failed to satisfy constraint: Member must satisfy enum value set: [${TABLE_CLASSES.join(', ')}]`,
  );
}

/** Undefined is AWS's own key: every table is encrypted, and DescribeTable then says nothing about it. */
export function encryptionOf(
  sse: SSESpecification | undefined,
  region: string,
  accountId: string,
): { readonly kmsKeyArn: string } | undefined {
  if (sse?.Enabled !== true) return undefined;
  if (sse.SSEType !== undefined && sse.SSEType !== 'KMS') {
    throw validationError(
      'One or more parameter values were invalid: SSEType AES256 is not supported',
    );
  }
  const key = sse.KMSMasterKeyId ?? 'alias/aws/dynamodb';
  if (key.startsWith('arn:')) return { kmsKeyArn: key };
  const resource = key.startsWith('alias/') ? key : `key/${key}`;
  return { kmsKeyArn: `arn:aws:kms:${region}:${accountId}:${resource}` };
}
