/** BatchGetItem and BatchWriteItem: many items, each by itself. */
import type {
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { validate } from '../items/dynalite-actions.js';
import { keyOf, type Capacity } from '../items/items.js';
import { arnOf, tableNameOf, type Call, type Need, type Operation } from '../operation.js';
import { validationError } from '../tables.js';
import { readCapacityWish, sumByTable } from './capacity.js';

type Requests = Readonly<Record<string, unknown>> | undefined;

function needsEachTable(call: Call<{ RequestItems: Requests }>): Need[] {
  return Object.keys(call.input.RequestItems ?? {}).map((name) => ({
    resource: arnOf(call, name),
  }));
}

function byTableName<T>(requests: Readonly<Record<string, T>> | undefined): Record<string, T> {
  return Object.fromEntries(
    Object.entries(requests ?? {}).map(([name, request]) => [tableNameOf(name), request]),
  );
}

export const batchGetItem: Operation<BatchGetItemCommandInput> = {
  needs: needsEachTable,
  perform: (db, { region, input }) =>
    db.items.read(region, 'BatchGetItem', {
      ...input,
      ...(input.RequestItems !== undefined && { RequestItems: byTableName(input.RequestItems) }),
    }),
};

interface WriteRequests {
  readonly RequestItems: Readonly<
    Record<string, readonly { PutRequest?: { Item: object }; DeleteRequest?: { Key: object } }[]>
  >;
}

export const batchWriteItem: Operation<BatchWriteItemCommandInput> = {
  needs: needsEachTable,
  async perform(db, { region, input }) {
    const { RequestItems } = validate('BatchWriteItem', {
      ...input,
      ...(input.RequestItems !== undefined && { RequestItems: byTableName(input.RequestItems) }),
    }) as unknown as WriteRequests;
    const seen = new Set<string>();
    const writes = Object.entries(RequestItems).flatMap(([TableName, requests]) => {
      const table = db.tables.serving(region, TableName);
      return requests.map(({ PutRequest, DeleteRequest }) => {
        const name = PutRequest === undefined ? 'DeleteItem' : 'PutItem';
        const data = { TableName, ...PutRequest, ...DeleteRequest };
        const key = `${table.id}/${keyOf(table, name, data)}`;
        if (seen.has(key)) throw validationError('Provided list of item keys contains duplicates');
        seen.add(key);
        return { name, data } as const;
      });
    });
    const wantsCapacity = readCapacityWish(input.ReturnConsumedCapacity);
    const outputs = await Promise.all(
      writes.map(({ name, data }) =>
        db.items.write(region, name, {
          ...data,
          ...(wantsCapacity && { ReturnConsumedCapacity: 'TOTAL' }),
        }),
      ),
    );
    return {
      UnprocessedItems: {},
      ...(wantsCapacity && {
        ConsumedCapacity: sumByTable(outputs.map((output) => output.ConsumedCapacity as Capacity)),
      }),
    };
  },
};
