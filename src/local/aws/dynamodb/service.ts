/**
 * DynamoDB of the local AWS: the JSON 1.0 protocol, permissions, metrics, and the operations behind them.
 *
 * Each region has tables of its own; a global table's replicas meet only through `replication.ts` and `lifecycle.ts`.
 */
import { crc32 } from 'node:zlib';
import type { Cloud } from '../cloud.js';
import { AwsError, type Service, type ServiceRequest, type ServiceResponse } from '../service.js';
import { Arrivals } from './items/arrival.js';
import { Committer } from './items/commit.js';
import { Expiry } from './items/expiry.js';
import { Items } from './items/items.js';
import { KeyLocks } from '../state/key-locks.js';
import { ItemStorage } from './items/storage.js';
import { readInput } from './input.js';
import { Lifecycle } from './lifecycle.js';
import type { DynamoDb, Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import { Replication } from './replication.js';
import { Sharing } from './sharing.js';
import { reachableReplicas, StrongConsistency } from './strong-consistency.js';
import { Tables } from './tables.js';
import { refuseThrottled } from './throttling.js';

/** IAM's code for it. */
const DENIED = 'AccessDenied';
const TARGET_PREFIX = 'DynamoDB_20120810.';

export interface DynamoDbOptions {
  /**
   * How long a table is kept from deletion after a replica was made from it, in milliseconds: 24 hours in AWS. Here it is
   * nothing by default, so that a claim can be made and deleted in one sitting. @default 0
   */
  readonly sourceTableHoldMs?: number;
}

export async function createDynamoDb(
  cloud: Cloud,
  options: DynamoDbOptions = {},
): Promise<Service> {
  const tables = await Tables.open(cloud);
  const storage = await ItemStorage.open(await cloud.state.directory('dynamodb-items'));
  const locks = new KeyLocks();
  const arrivals = new Arrivals(storage, locks);
  const replication = new Replication(cloud, tables, storage, arrivals);
  const strong = new StrongConsistency(cloud, storage, arrivals);
  const committer = await Committer.open(storage, cloud, {
    together: (table) => reachableReplicas(cloud.network, tables, table),
    owed: (from, to) => {
      replication.owed(from, to);
    },
  });
  const sharing = new Sharing(tables, cloud.clock);
  const lifecycle = new Lifecycle(cloud, tables, storage, arrivals, sharing);
  const items = new Items(cloud, tables, storage, locks, committer, strong);
  const { sourceTableHoldMs = 0 } = options;
  const db: DynamoDb = { cloud, tables, sharing, lifecycle, items, sourceTableHoldMs };
  await replication.start();
  lifecycle.start();
  const expiry = new Expiry(cloud, tables, storage, items);
  expiry.start();

  return {
    signingName: 'dynamodb',
    answer: async (request) => respond(200, await perform(db, request)),
    // DynamoDB denies with 400, where the other services say 403.
    answerError: (error) => respond(error.code === DENIED ? 400 : error.status, toErrorBody(error)),
    async close() {
      await expiry.stop();
      await lifecycle.stop();
      await replication.stop();
      await storage.close();
    },
  };
}

async function perform(db: DynamoDb, request: ServiceRequest): Promise<object> {
  const { cloud } = db;
  const { region, caller } = request;
  const target = request.headers['x-amz-target'] ?? '';
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const operation: Operation | undefined = OPERATIONS.get(name);
  if (operation === undefined) {
    const meant = name === '' ? target : `dynamodb:${name}`;
    throw new AwsError('UnknownOperationException', `The local AWS does not support ${meant}.`);
  }
  const startedAtMs = cloud.clock.now();
  const input = readInput(name, request.body);
  const call = { region, accountId: cloud.accountId, input };
  const needs = operation.needs(call);
  for (const { action = name, resource } of needs) {
    cloud.access.authorize({ caller, action: `dynamodb:${action}`, resource });
  }
  const resources = needs.map(({ resource }) => resource);
  refuseThrottled(db, { region, operation: name, resources });
  const output = await operation.perform(db, call);
  const { TableName } = input as { TableName?: unknown };
  if (typeof TableName === 'string') {
    cloud.metrics.record({
      region,
      namespace: 'AWS/DynamoDB',
      name: 'SuccessfulRequestLatency',
      dimensions: { TableName, Operation: name },
      value: cloud.clock.now() - startedAtMs,
      unit: 'Milliseconds',
    });
  }
  return output;
}

function respond(status: number, content: object): ServiceResponse {
  const body = Buffer.from(JSON.stringify(content));
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      // Clients check it where it is given, as AWS gives it.
      'x-amz-crc32': String(crc32(body)),
    },
    body,
  };
}

/** The namespaces in which AWS's own error types are. */
const CORAL_ERRORS = new Set([
  'AccessDeniedException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'ValidationException',
]);

function toErrorBody(error: AwsError): object {
  const code = error.code === DENIED ? 'AccessDeniedException' : error.code;
  const namespace = CORAL_ERRORS.has(code)
    ? 'com.amazon.coral.service'
    : 'com.amazonaws.dynamodb.v20120810';
  return { __type: `${namespace}#${code}`, message: error.message, ...error.fields };
}
