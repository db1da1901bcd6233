/**
 * UpdateTable: changes settings and indexes of a table, and makes a table global by adding replicas.
 *
 * Every change but the replica's own settings is shared: the other replicas adopt it when they can be reached.
 */
import type { GlobalSecondaryIndexUpdate, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { describeTable } from '../describe-table.js';
import { needsTable, refuse, tableOf, type DynamoDb, type Operation } from '../operation.js';
import type { SharedSettings, TableRecord, Throughput } from '../table-record.js';
import { checkIsAtRest, resourceNotFound, validationError } from '../tables.js';
import { changeReplicas } from './replica-updates.js';
import { checkClass, encryptionOf, streamViewOf } from './table-settings.js';

const CHANGES = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'GlobalSecondaryIndexUpdates',
  'SSESpecification',
  'ReplicaUpdates',
  'GlobalTableWitnessUpdates',
  'DeletionProtectionEnabled',
  'TableClass',
] as const;

/** AWS takes these one kind at a time. */
const EXCLUSIVE = ['GlobalSecondaryIndexUpdates', 'ReplicaUpdates', 'StreamSpecification'] as const;

export const updateTable: Operation<UpdateTableCommandInput> = {
  needs: needsTable,
  async perform(db, call) {
    const { input } = call;
    refuse(input, ['WarmThroughput', 'OnDemandThroughput', 'GlobalTableSettingsReplicationMode']);
    if (CHANGES.every((change) => input[change] === undefined)) {
      throw validationError(
        `At least one of ${CHANGES.slice(0, -1).join(', ')} or ${CHANGES.at(-1) ?? ''} is required`,
      );
    }
    if (EXCLUSIVE.filter((change) => input[change] !== undefined).length > 1) {
      throw validationError(
        `One or more parameter values were invalid: only one of ${EXCLUSIVE.join(', ')} can be changed at a time`,
      );
    }
    const table = tableOf(db, call);
    checkIsAtRest(table);
    checkClass(input.TableClass);
    const shared = await changeReplicas(db, table, changeSettings(db, table, input), input);
    if (shared !== table.shared) await db.sharing.change(table, () => shared);
    const changed = await db.tables.change(table, (current) => ({
      ...current,
      status: 'UPDATING',
      deletionProtection: input.DeletionProtectionEnabled ?? current.deletionProtection,
      tableClass: input.TableClass ?? current.tableClass,
    }));
    db.lifecycle.advance(changed);
    return { TableDescription: describeTable(changed, await db.items.size(changed)) };
  },
};

function changeSettings(
  db: DynamoDb,
  table: TableRecord,
  input: UpdateTableCommandInput,
): SharedSettings {
  let { shared } = table;
  if (input.BillingMode !== undefined || input.ProvisionedThroughput !== undefined) {
    shared = { ...shared, billing: changeBilling(db, shared, input) };
  }
  if (input.StreamSpecification !== undefined) {
    shared = { ...shared, streamView: changeStream(shared, input) };
  }
  if (input.SSESpecification !== undefined) {
    const encryption = encryptionOf(input.SSESpecification, table.region, table.accountId);
    shared = { ...shared, encryption };
  }
  for (const update of input.GlobalSecondaryIndexUpdates ?? []) {
    shared = changeIndex(shared, update, input);
  }
  return shared === table.shared ? shared : withoutUnusedAttributes(shared);
}

/** A definition goes with the last index that has it in its key: there is no other way to drop one. */
function withoutUnusedAttributes(shared: SharedSettings): SharedSettings {
  const indexes = [...shared.globalIndexes, ...shared.localIndexes];
  const used = new Set(
    [shared.keys, ...indexes.map(({ KeySchema }) => KeySchema)]
      .flat()
      .map(({ AttributeName }) => AttributeName),
  );
  return {
    ...shared,
    attributes: shared.attributes.filter(({ AttributeName }) => used.has(AttributeName)),
  };
}

function changeBilling(
  db: DynamoDb,
  shared: SharedSettings,
  { BillingMode, ProvisionedThroughput }: UpdateTableCommandInput,
): SharedSettings['billing'] {
  const mode = BillingMode ?? shared.billing.mode;
  if (mode === 'PAY_PER_REQUEST') {
    if (ProvisionedThroughput !== undefined) {
      throw validationError(
        'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    }
    return shared.billing.mode === mode
      ? shared.billing
      : { mode, onDemandSinceMs: db.cloud.clock.now() };
  }
  if (ProvisionedThroughput?.ReadCapacityUnits === undefined) {
    throw validationError(
      'One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED',
    );
  }
  return { mode, throughput: ProvisionedThroughput as Throughput };
}

function changeStream(
  shared: SharedSettings,
  { StreamSpecification }: UpdateTableCommandInput,
): string | undefined {
  const isEnabled = shared.streamView !== undefined;
  if (StreamSpecification?.StreamEnabled === true && isEnabled) {
    throw validationError('Table already has an enabled stream');
  }
  if (StreamSpecification?.StreamEnabled !== true && !isEnabled) {
    throw validationError('Table has no stream to disable');
  }
  if (shared.members.length > 1 && shared.consistency === undefined) {
    throw validationError('The stream of a global table cannot be changed');
  }
  return streamViewOf(StreamSpecification);
}

function changeIndex(
  shared: SharedSettings,
  { Create, Update, Delete }: GlobalSecondaryIndexUpdate,
  input: UpdateTableCommandInput,
): SharedSettings {
  const find = (name: string | undefined) =>
    shared.globalIndexes.find(({ IndexName }) => IndexName === name);
  if (Create !== undefined) {
    if (find(Create.IndexName) !== undefined) {
      throw validationError(
        `Attempting to create an index which already exists: ${Create.IndexName ?? ''}`,
      );
    }
    const defined = new Map(
      [...shared.attributes, ...(input.AttributeDefinitions ?? [])].map((attribute) => [
        attribute.AttributeName,
        attribute,
      ]),
    );
    const missing = (Create.KeySchema ?? []).filter(
      ({ AttributeName }) => !defined.has(AttributeName),
    );
    if (
      Create.IndexName === undefined ||
      Create.Projection === undefined ||
      (Create.KeySchema ?? []).length === 0 ||
      missing.length > 0
    ) {
      throw validationError(
        'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions',
      );
    }
    return {
      ...shared,
      attributes: [...defined.values()] as SharedSettings['attributes'],
      globalIndexes: [...shared.globalIndexes, Create as SharedSettings['globalIndexes'][number]],
    };
  }
  const name = Update?.IndexName ?? Delete?.IndexName;
  if (find(name) === undefined) {
    throw resourceNotFound(`Requested resource not found: Index: ${name ?? ''}`);
  }
  return {
    ...shared,
    globalIndexes: shared.globalIndexes.flatMap((index) => {
      if (index.IndexName !== name) return [index];
      return Update === undefined
        ? []
        : [{ ...index, ...Update } as SharedSettings['globalIndexes'][number]];
    }),
  };
}
