/**
 * The AWS clients, made once for the life of the process, so that connections are used again.
 *
 * Endpoints come from the SDK's own variables (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_S3`, …).
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from './settings.js';

/**
 * A payment makes at most four calls; with three tries of two seconds each they fit into the default timeout of 30 s. One that
 * meets another region's makes two more: should all be that slow, the retry finishes it.
 */
const MAX_ATTEMPTS = 3;
const CONNECT_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 2000;

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
}

export function createClients({ region, forcePathStyle }: Settings): Clients {
  const shared = { region, maxAttempts: MAX_ATTEMPTS };
  const requestHandler = () => ({
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  });
  return {
    dynamodb: new DynamoDBClient({ ...shared, requestHandler: requestHandler() }),
    s3: new S3Client({ ...shared, forcePathStyle, requestHandler: requestHandler() }),
  };
}
