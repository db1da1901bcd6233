/**
 * Table (dynamodb): a DynamoDB table with its replicas, indexes, stream, backups and tags.
 *
 * A table is created first, then gets its replicas one after the other; it counts as up to date when all of them are ACTIVE.
 */
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { unlessAbsent } from '../external/aws-error.js';
import type { External } from '../external/external.js';
import { observeTable, type TableDetail } from './table-observation.js';
import { createTableInput, type TableParameters } from './table-parameters.js';
import { removalOf } from './table-replicas.js';
import { updateTable } from './table-update.js';

const INDEX_FIELDS = [
  'name',
  'hashKey',
  'rangeKey',
  'projectionType',
  'nonKeyAttributes',
  'readCapacity',
  'writeCapacity',
];
const REPLICA_FIELDS = [
  'regionName',
  'consistencyMode',
  'pointInTimeRecovery',
  'deletionProtectionEnabled',
  'propagateTags',
  'kmsKeyArn',
];

export const table: External<TableParameters, TableDetail> = {
  naming: 'given',
  fields: [
    'attribute.name',
    'attribute.type',
    'billingMode',
    'deletionProtectionEnabled',
    ...INDEX_FIELDS.map((field) => `globalSecondaryIndex.${field}`),
    'globalTableWitness.regionName',
    'hashKey',
    ...INDEX_FIELDS.map((field) => `localSecondaryIndex.${field}`),
    'pointInTimeRecovery.enabled',
    'pointInTimeRecovery.recoveryPeriodInDays',
    'rangeKey',
    'readCapacity',
    ...REPLICA_FIELDS.map((field) => `replica.${field}`),
    'serverSideEncryption.enabled',
    'serverSideEncryption.kmsKeyArn',
    'streamEnabled',
    'streamViewType',
    'tableClass',
    'tags',
    'ttl.attributeName',
    'ttl.enabled',
    'writeCapacity',
  ],
  comparison: {
    // DynamoDB forgets attributes that no key uses any more: they come and go with the indexes.
    settings: ['attribute'],
    emptyWhenOpen: ['globalSecondaryIndex', 'replica'],
    immutable: ['hashKey', 'rangeKey', 'localSecondaryIndex'],
  },
  observe: observeTable,
  async create({ name, region, forProvider }, aws) {
    const client = aws.client('DynamoDB', DynamoDBClient, region);
    await client.send(new CreateTableCommand(createTableInput(name, forProvider)));
    return undefined;
  },
  update: (target, aws, { detail }, drift) => updateTable(target, aws, detail, drift),
  async remove({ name, region }, aws, { detail }) {
    const client = aws.client('DynamoDB', DynamoDBClient, region);
    // Asked before the replicas go: a table that stays shall keep them.
    if (detail.table.DeletionProtectionEnabled === true) {
      throw new Error(
        'ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    const [replica] = detail.replicas;
    if (replica !== undefined) {
      await client.send(new UpdateTableCommand({ TableName: name, ...removalOf(detail, replica) }));
      return 'requested';
    }
    await unlessAbsent(
      client.send(new DeleteTableCommand({ TableName: name })),
      'ResourceNotFoundException',
    );
    return 'requested';
  },
};
