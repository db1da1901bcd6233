/**
 * TransactWriteItems and TransactGetItems: several items at one moment, all or none, in the region that is asked.
 *
 * In other regions the writes of a transaction arrive one by one, as AWS says of global tables.
 */
import type {
  TransactGetItemsCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { createHash } from 'node:crypto';
import { AwsError } from '../../service.js';
import { validate } from '../items/dynalite-actions.js';
import { keyOf, type TransactionStep } from '../items/items.js';
import { arnOf, refuse, tableNameOf, type DynamoDb, type Operation } from '../operation.js';
import type { TableRecord } from '../table-record.js';
import { validationError } from '../tables.js';
import { readCapacityWish, sumByTable } from './capacity.js';

const MAX_ITEMS = 100;
const MAX_TOKEN_LENGTH = 36;
/** How long AWS remembers a ClientRequestToken. */
const TOKEN_MS = 10 * 60_000;

const KINDS = {
  Put: { kind: 'PutItem', action: 'PutItem' },
  Update: { kind: 'UpdateItem', action: 'UpdateItem' },
  Delete: { kind: 'DeleteItem', action: 'DeleteItem' },
  ConditionCheck: { kind: 'ConditionCheck', action: 'ConditionCheckItem' },
} as const;

function onlyMember(item: TransactWriteItem) {
  const [entry, ...more] = Object.entries(item).filter(([, value]) => value != null);
  const name = entry?.[0] as keyof typeof KINDS | undefined;
  if (name === undefined || !(name in KINDS) || more.length > 0) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  return { ...KINDS[name], request: item[name] as { TableName?: string } };
}

export const transactWriteItems: Operation<TransactWriteItemsCommandInput> = {
  needs: (call) =>
    (call.input.TransactItems ?? []).map((item) => {
      const { action, request } = onlyMember(item);
      return { action, resource: arnOf(call, request.TableName) };
    }),
  async perform(db, { region, input }) {
    if (input.ReturnItemCollectionMetrics !== 'NONE')
      refuse(input, ['ReturnItemCollectionMetrics']);
    const wantsCapacity = readCapacityWish(input.ReturnConsumedCapacity);
    const steps = stepsOf(db, region, input.TransactItems ?? []);
    const token = tokenOf(region, input);
    if (token !== undefined && db.items.wasDone(token, db.cloud.clock.now())) return {};
    const done =
      token === undefined ? [] : [db.items.doneMark(token, db.cloud.clock.now() + TOKEN_MS)];
    const { refusals, capacity } = await db.items.transact(region, steps, done);
    if (refusals.every((refusal) => refusal === undefined)) {
      return wantsCapacity ? { ConsumedCapacity: sumByTable(capacity, 'Write') } : {};
    }
    const reasons = refusals.map((refusal) => ({
      Code: refusal === undefined ? 'None' : reasonCode(refusal),
      ...(refusal !== undefined && { Message: refusal.message }),
      ...refusal?.fields,
    }));
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
      400,
      { CancellationReasons: reasons },
    );
  },
};

function stepsOf(
  db: DynamoDb,
  region: string,
  items: readonly TransactWriteItem[],
): TransactionStep[] {
  checkCount(items.length);
  const seen = new Set<string>();
  return items.map((item, index) => {
    const { kind, request } = onlyMember(item);
    const input = { ...request, TableName: tableNameOf(request.TableName) };
    requireExpression(kind, input, index);
    const data = validate(kind === 'ConditionCheck' ? 'DeleteItem' : kind, input);
    const table = eventualTable(db, region, input.TableName);
    const key = keyOrRefusal(table, kind, data);
    if (key instanceof AwsError) return { kind, table, key: '', data, refusal: key };
    if (seen.has(`${table.id}/${key}`)) {
      throw validationError('Transaction request cannot include multiple operations on one item');
    }
    seen.add(`${table.id}/${key}`);
    const { ReturnValuesOnConditionCheckFailure } = input as Record<string, unknown>;
    return { kind, table, key, data: { ...data, ReturnValuesOnConditionCheckFailure } };
  });
}

const REQUIRED = { ConditionCheck: 'ConditionExpression', UpdateItem: 'UpdateExpression' } as const;
const MEMBERS = { ConditionCheck: 'conditionCheck', UpdateItem: 'update' } as const;

function requireExpression(kind: TransactionStep['kind'], input: object, index: number): void {
  if (kind !== 'ConditionCheck' && kind !== 'UpdateItem') return;
  const name = REQUIRED[kind];
  if ((input as Record<string, unknown>)[name] !== undefined) return;
  const member = `${MEMBERS[kind]}.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  throw validationError(
    `1 validation error detected: Value null at 'transactItems.${index + 1}.member.${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A key of another type cancels the transaction; one that is empty is refused at once. */
function keyOrRefusal(
  table: TableRecord,
  kind: TransactionStep['kind'],
  data: Record<string, unknown>,
): string | AwsError {
  try {
    return keyOf(table, kind, data);
  } catch (error) {
    if (error instanceof AwsError && !error.message.includes('cannot contain an empty'))
      return error;
    throw error;
  }
}

export const transactGetItems: Operation<TransactGetItemsCommandInput> = {
  needs: (call) =>
    (call.input.TransactItems ?? []).map(({ Get }) => ({
      action: 'GetItem',
      resource: arnOf(call, Get?.TableName),
    })),
  async perform(db, { region, input }) {
    const items = input.TransactItems ?? [];
    checkCount(items.length);
    const gets = items.map(({ Get }) => {
      const name = tableNameOf(Get?.TableName);
      const data = validate('GetItem', { ...Get, TableName: name });
      return { table: eventualTable(db, region, name), data };
    });
    const wantsCapacity = readCapacityWish(input.ReturnConsumedCapacity);
    const reads = await db.items.snapshot(region, gets);
    return {
      Responses: reads.map(({ item }) => (item === undefined ? {} : { Item: item })),
      ...(wantsCapacity && {
        ConsumedCapacity: sumByTable(
          reads.map(({ capacity }) => capacity),
          'Read',
        ),
      }),
    };
  },
};

function checkCount(count: number): void {
  if (count > 0 && count <= MAX_ITEMS) return;
  const bound = count === 0 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ITEMS}`;
  throw validationError(
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

function eventualTable(db: DynamoDb, region: string, name: string): TableRecord {
  const table = db.tables.serving(region, name);
  if (table.shared.consistency !== 'STRONG') return table;
  throw validationError(
    'Transactions are not supported on global tables with multi-Region strong consistency',
  );
}

/** The code of an item's failure, as cancellation reasons name it. */
function reasonCode(refusal: AwsError): string {
  if (refusal.code === 'ConditionalCheckFailedException') return 'ConditionalCheckFailed';
  return refusal.code === 'ValidationException' ? 'ValidationError' : refusal.code;
}

function tokenOf(region: string, input: TransactWriteItemsCommandInput) {
  if (input.ClientRequestToken === undefined) return undefined;
  const { length } = input.ClientRequestToken;
  if (length < 1 || length > MAX_TOKEN_LENGTH) {
    const bound =
      length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_TOKEN_LENGTH}`;
    throw validationError(
      `1 validation error detected: Value '${input.ClientRequestToken}' at 'clientRequestToken' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  const content = JSON.stringify(input.TransactItems);
  const digest = createHash('sha256').update(content).digest('base64');
  return { region, token: input.ClientRequestToken, digest };
}
